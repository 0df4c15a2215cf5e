// What we add to and take from the diagram editor, as one of its modules.
import { Ids } from "./ids.js";
import { SmallPad } from "./pad.js";
import { SmallMenu } from "./menu.js";
import { translate } from "./translate.js";

/** `studio` says which ids the package has, `path()` which file is open. */
export function house(studio, path) {
  return {
    __init__: ["studioIds", "studioMenu", "studioPad"],
    studio: ["value", studio],
    studioPath: ["value", path],
    translate: ["value", translate],
    paletteProvider: ["value", null],
    studioIds: ["type", Ids],
    studioMenu: ["type", SmallMenu],
    studioPad: ["type", SmallPad],
  };
}
