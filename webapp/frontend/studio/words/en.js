// English texts of the studio by their Chinese ones; each room has its own table.
import { decisions } from "./en-decisions.js";
import { diagram } from "./en-diagram.js";
import { feel } from "./en-feel.js";
import { forms } from "./en-forms.js";
import { frame } from "./en-frame.js";
import { scenarios } from "./en-scenarios.js";
import { settings } from "./en-settings.js";
import { texts } from "./en-texts.js";
import { versions } from "./en-versions.js";

export const english = {
  ...frame,
  ...diagram,
  ...forms,
  ...decisions,
  ...texts,
  ...settings,
  ...scenarios,
  ...versions,
  ...feel,
};
