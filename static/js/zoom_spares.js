// The quiet rooms of a Zoom call as Zoom lists them, and how a few are made. None can be made while rooms are open, so a few
// are made before, opened when the first pair needs one, and kept open. What a host made by hand is left alone.
const NAME = "Quiet room ";
const OURS = /^Quiet room [1-5]$/;
const NONE_OPEN = 10092;
const SETTINGS = {
  allowParticipantsChooseRoom: false, // or anybody could walk in
  allowParticipantsReturnToMainSession: true,
  automaticallyMoveParticipantsIntoRooms: false, // she is asked, and may say no
  closeAfter: 0,
  countDown: 0,
};

// ``quiet``: our rooms, each with the people who are in it or on their way there. ``known``: whether Zoom tells us who is.
export async function lookAtRooms(bridge) {
  try {
    return read(await bridge.ask("getBreakoutRoomList"));
  } catch (refused) {
    return { quiet: [], joined: [], names: null, open: false, known: false, away: Number(refused.code) !== NONE_OPEN };
  }
}

// The same once there are open quiet rooms, or once it is clear that there are none to be had.
export async function openRooms(bridge, wanted) {
  const there = await lookAtRooms(bridge);
  if (there.open || there.away) return there;
  const names = [...Array(wanted).keys()].map((index) => NAME + (index + 1));
  const missing = names.filter((name) => !(there.names || []).includes(name));
  // Making rooms anew would take away those that a host has made.
  if (there.names && !there.names.length) {
    await bridge.ask("createBreakoutRooms", { numberOfRooms: names.length, assign: "manually", names });
  } else {
    for (const name of missing) await bridge.ask("addBreakoutRoom", { name });
  }
  await bridge.ask("configureBreakoutRooms", SETTINGS);
  await bridge.ask("openBreakoutRooms");
  return lookAtRooms(bridge);
}

function read({ rooms, state, unassigned }) {
  const all = rooms || [];
  const people = ({ participants }) => participants || [];
  return {
    quiet: all
      .filter(({ name }) => OURS.test(name))
      .map((room) => ({ id: room.breakoutRoomId, people: people(room).map(idOf) })),
    joined: [].concat(...all.map(people)).filter((one) => one.participantStatus === "joined"),
    names: all.map(({ name }) => name),
    open: state === "open",
    known: Array.isArray(unassigned) || all.some(({ participants }) => Array.isArray(participants)),
    away: false,
  };
}

function idOf({ participantUUID }) {
  return participantUUID;
}
