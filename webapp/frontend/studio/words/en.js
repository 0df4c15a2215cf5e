// English texts of the studio by their Chinese ones; each room adds its own table.
import { frame } from "./en-frame.js";

export const english = { ...frame };
