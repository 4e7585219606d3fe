// The line to the workspace: the same control API that the driver of tests and stories speaks.

export class NotDone extends Error {}
export class Unreachable extends Error {}

async function sent(name, body) {
  try {
    const reply = await fetch(`/control/${name}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    return await reply.json();
  } catch {
    throw new Unreachable("The workspace cannot be reached.");
  }
}

/** Asks one thing; throws NotDone with the server's words when it cannot be done. */
export async function ask(name, body = {}) {
  const answer = await sent(name, body);
  if (!answer.ok) throw new NotDone(answer.error || "that did not work");
  return answer;
}

/** What a person does; `page` lets the list of things to try see it. */
export function act(person, verb, args = {}) {
  return ask("act", { person, verb, args, page: true });
}

const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const GATHER = 60;
const HIDDEN = 4000;

/** Calls `changed` after each change of the workspace and `lost` when it cannot be reached; never ends.
 *  A hidden window asks now and then instead of holding a line: a browser has only six for each server. */
export async function follow(changed, lost) {
  let version = 0;
  for (;;) {
    try {
      const timeout = document.hidden ? 0 : 20;
      const answer = await ask("wait", { since: version, timeout });
      lost(false);
      if (answer.version > version) {
        await changed();
        version = answer.version;
      }
      await pause(document.hidden ? HIDDEN : GATHER);
    } catch (error) {
      if (!(error instanceof Unreachable)) console.error(error);
      lost(true);
      version = 0; // a workspace that was started again counts from the beginning
      await pause(1500);
    }
  }
}
