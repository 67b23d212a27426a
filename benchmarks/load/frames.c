/* WebSocket frames as a client writes and reads them (RFC 6455, section 5). */
#include "load.h"

#include <string.h>

static uint32_t next_mask(void)
{
    static uint32_t mask = 0x9e3779b9;
    mask ^= mask << 13, mask ^= mask >> 17, mask ^= mask << 5;
    return mask;
}

/* Writes a masked frame of fewer than 65,536 bytes; `into` has 14 bytes more than `length`. */
size_t frame_of_client(char *into, int opcode, const char *text, size_t length)
{
    size_t head = 2;
    uint32_t mask = next_mask();
    into[0] = (char)(0x80 | opcode);
    if (length < 126) {
        into[1] = (char)(0x80 | length);
    } else {
        into[1] = (char)(0x80 | 126);
        into[2] = (char)(length >> 8), into[3] = (char)length;
        head = 4;
    }
    memcpy(into + head, &mask, 4);
    for (size_t i = 0; i < length; i++)
        into[head + 4 + i] = text[i] ^ into[head + (i & 3)];
    return head + 4 + length;
}

/* The size of the first frame, 0 if it has not come whole, -1 if no server may send it. */
ptrdiff_t frame_of_server(const char *from, size_t length, int *opcode, const char **text, size_t *text_length)
{
    const unsigned char *byte = (const unsigned char *)from;
    size_t head = 2, size;
    if (length < 2)
        return 0;
    if (!(byte[0] & 0x80) || byte[0] & 0x70 || byte[1] & 0x80)
        return -1;  /* in pieces, compressed or masked: none of the servers does that */
    size = byte[1];
    if (size >= 126) {
        size_t more = size == 126 ? 2 : 8;
        if (length < head + more)
            return 0;
        for (size = 0; more--; head++)
            size = size << 8 | byte[head];
    }
    if (length < head + size)
        return 0;
    *opcode = byte[0] & 0xf;
    *text = from + head;
    *text_length = size;
    return (ptrdiff_t)(head + size);
}
