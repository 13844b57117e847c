// Says in the page itself, as an attribute of <html>, that it shows the answer to all it has asked the console for.
// Field numbers of Streamlit's messages: a page asks for a run with field 11; a run begins with field 4 and ends with 6.
(() => {
  const ASKS = 11, BEGINS = 4, ENDS = 6, CUT_SHORT = 2;
  const TICK = 15, STILL = 8; // so many ticks without a message or a change; a page that is kept busy ticks more slowly
  let asked = 0, begun = 0, answered = 0, ticks = 0;

  // The number a field's tag or a varint spells, and where the next one begins.
  const varint = (bytes, at) => {
    let value = 0, shift = 1, byte;
    do { byte = bytes[at++]; value += (byte & 127) * shift; shift *= 128; } while (byte & 128);
    return [value, at];
  };
  // The fields a message holds by number; what stands within them is passed over.
  const fields = (buffer) => {
    const bytes = new Uint8Array(buffer), found = new Map();
    for (let at = 0, tag, value; at < bytes.length; ) {
      [tag, at] = varint(bytes, at);
      const kind = tag & 7;
      if (kind === 1 || kind === 5) { at += kind === 1 ? 8 : 4; } else { [value, at] = varint(bytes, at); }
      if (kind === 2) at += value;
      found.set(tag >>> 3, value);
    }
    return found;
  };
  const heard = ({ data }) => {
    const held = fields(data);
    if (held.has(BEGINS)) begun = asked;
    if (held.has(ENDS) && held.get(ENDS) !== CUT_SHORT) answered = begun;
    ticks = 0;
  };
  window.WebSocket = class extends WebSocket {
    constructor(...given) {
      super(...given);
      this.addEventListener("message", heard);
    }
    send(data) {
      if (data instanceof Uint8Array && fields(data).has(ASKS)) {
        asked += 1;
        document.documentElement.removeAttribute("data-settled");
      }
      super.send(data);
    }
  };
  // What was there before the run is faint until it is known to stay, and neither it nor what fades in is read as it is.
  const fades = (each) =>
    each.transitionProperty === "opacity" && each.playState === "running" &&
    each.effect?.target?.closest("[data-testid=stMain]");
  const drawn = () =>
    !document.querySelector("[data-testid=stSkeleton], [data-stale=true]") && !document.getAnimations().some(fades);
  const still = () =>
    asked > 0 && answered === asked && ticks > STILL && drawn() &&
    document.querySelector("[data-testid=stApp]")?.dataset.testScriptState === "notRunning";
  new MutationObserver(() => { ticks = 0; }).observe(document, { childList: true, subtree: true, characterData: true });
  setInterval(() => {
    ticks += 1;
    document.documentElement?.toggleAttribute("data-settled", still());
  }, TICK);
})();
