// Joins as a member, is let in if a facilitator's link is there too, taps, and prints her panel in words.
//
//   companion demo --json | node docs/examples/member.mjs
//   node docs/examples/member.mjs <link> <passcode> [<facilitator's link> <passcode>]
import { createInterface } from "node:readline";
import { Client, join } from "./client.mjs";
import { inWords } from "./words.mjs";

const [, , ...given] = process.argv;
const links = given.length > 0 ? fromArguments(given) : JSON.parse(await firstLine(process.stdin));
const opened = [];

try {
  await play(links.find(({ role }) => role === "member"), links.find(({ role }) => role === "facilitator"));
} catch (problem) {
  console.error(problem.message);
  process.exitCode = 1;
} finally {
  for (const client of opened) client.close();
}

async function play(hers, hosts) {
  const joined = await join(hers);
  const member = open(joined);
  print("She has joined.", await member.until(({ room }) => room, "her panel"));

  report("“I can't hear”", await member.tap("open_ticket", { kind: "cannot_hear" }));
  print("She has asked for help.", await member.until(({ help }) => help.state, "her ticket"));
  if (!hosts) return;

  const host = open(await join(hosts));
  const { room } = await host.until(({ door }) => door, "the facilitator's panel");
  report("“Let her in”", await host.tap("admit_seat", { seat: joined.seat }));
  if (room.phase === "open") report("“Begin”", await host.tap("start_session"));
  await member.until((views) => views.room.phase === "live", "the room");

  report("“Ask to speak”", await member.tap("request_turn", { note: "a few words" }));
  print("She has asked to speak.", await member.until(({ turn }) => turn.place || turn.speaking, "her place"));
  report("“It works again”", await member.tap("withdraw_ticket"));
  print("She is well.", await member.until(({ help }) => !help.state, "the end of the ticket"));
}

async function firstLine(input) {
  // Not all of it: a demo that serves keeps its output open.
  for await (const line of createInterface({ input })) {
    input.destroy();
    return line;
  }
  throw new Error("No links came in.");
}

function open(joined) {
  const client = new Client(joined);
  opened.push(client);
  return client;
}

function report(button, answer) {
  console.log(answer.ok ? `${button} is sent.` : `${button} was refused: ${answer.say}`);
}

function print(title, views) {
  console.log(["", title, ...inWords(views).map((line) => `  ${line}`), ""].join("\n"));
}

function fromArguments([link, passcode, hostLink, hostPasscode]) {
  const member = { role: "member", link, passcode };
  return hostLink ? [member, { role: "facilitator", link: hostLink, passcode: hostPasscode }] : [member];
}
