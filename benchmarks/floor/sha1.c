/* The answer to Sec-WebSocket-Key: base64 of SHA-1 (RFC 6455, section 4.2.2). */
#include "floor.h"

#include <stdio.h>
#include <string.h>

static uint32_t turned(uint32_t value, int by)
{
    return value << by | value >> (32 - by);
}

static void mix(uint32_t hash[5], const unsigned char *block)
{
    static const uint32_t constant[4] = {0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6};
    uint32_t w[80], a = hash[0], b = hash[1], c = hash[2], d = hash[3], e = hash[4];
    for (int i = 0; i < 16; i++)
        w[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 | (uint32_t)block[4 * i + 2] << 8 | block[4 * i + 3];
    for (int i = 16; i < 80; i++)
        w[i] = turned(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
    for (int i = 0; i < 80; i++) {
        uint32_t f = i < 20 ? (b & c) | (~b & d) : i >= 40 && i < 60 ? (b & c) | (b & d) | (c & d) : b ^ c ^ d;
        uint32_t next = turned(a, 5) + f + e + constant[i / 20] + w[i];
        e = d, d = c, c = turned(b, 30), b = a, a = next;
    }
    hash[0] += a, hash[1] += b, hash[2] += c, hash[3] += d, hash[4] += e;
}

static void encode(const unsigned char *bytes, size_t length, char *into)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < length; i += 3) {
        uint32_t three = (uint32_t)bytes[i] << 16 | (i + 1 < length ? bytes[i + 1] << 8 : 0) | (i + 2 < length ? bytes[i + 2] : 0);
        *into++ = letters[three >> 18];
        *into++ = letters[three >> 12 & 63];
        *into++ = i + 1 < length ? letters[three >> 6 & 63] : '=';
        *into++ = i + 2 < length ? letters[three & 63] : '=';
    }
    *into = 0;
}

/* `into` has room for 29 bytes; the key is one of 24 letters, so two blocks are enough. */
void accept_key(const char *key, char *into)
{
    unsigned char text[128] = {0}, digest[20];
    uint32_t hash[5] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};
    int length = snprintf((char *)text, 100, "%.24s258EAFA5-E914-47DA-95CA-C5AB0DC85B11", key);
    text[length] = 0x80;
    text[126] = (unsigned char)(length * 8 >> 8);
    text[127] = (unsigned char)(length * 8);
    mix(hash, text);
    mix(hash, text + 64);
    for (int i = 0; i < 20; i++)
        digest[i] = (unsigned char)(hash[i / 4] >> (24 - i % 4 * 8));
    encode(digest, 20, into);
}
