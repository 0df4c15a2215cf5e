// What we add to and take from the diagram editor, as one of its modules.
import { Ids } from "./ids.js";
import { SmallPad } from "./pad.js";
import { SmallMenu } from "./menu.js";
import { OnlyReading } from "./reading.js";
import { translate } from "./translate.js";

/** Our shapes stand at the left; the library's own palette would be an empty box that its tools look into. */
const NO_PALETTE = { registerProvider() {}, trigger() {}, isActiveTool: () => false, isOpen: () => false, open() {}, close() {}, toggle() {}, _update() {} };

/** `studio` says which ids the package has, `path()` which file is open. */
export function house(studio, path) {
  return {
    __init__: ["studioIds", "studioMenu", "studioPad", ...(studio.told.may_edit ? [] : ["studioReading"])],
    studio: ["value", studio],
    studioPath: ["value", path],
    translate: ["value", translate],
    palette: ["value", NO_PALETTE],
    paletteTooltip: ["value", null],
    paletteProvider: ["value", null],
    studioIds: ["type", Ids],
    studioMenu: ["type", SmallMenu],
    studioPad: ["type", SmallPad],
    studioReading: ["type", OnlyReading],
  };
}
