// Amounts in official Chinese numerals beside what is typed, and how much has been written.

const DIGITS = "零壹贰叁肆伍陆柒捌玖";
const PLACES = ["", "拾", "佰", "仟"];
const GROUPS = ["", "万", "亿", "万亿"];
const AMOUNT = /^(\d{1,13})(?:\.(\d{1,2}))?$/;

/** 18600 → 壹万捌仟陆佰元整; "" for what is no amount. The same as on the documents. */
export function capitals(typed) {
  const plain = typed.normalize("NFKC").replace(/[\s,¥元]/g, "");
  const tenThousands = plain.endsWith("万");
  let text = tenThousands ? plain.slice(0, -1) : plain;
  if (tenThousands) text = moveFourPlaces(text);
  const match = AMOUNT.exec(text);
  if (!match) return "";
  const yuan = match[1].replace(/^0+(?=\d)/, "");
  const [jiao, fen] = (match[2] ?? "").padEnd(2, "0");
  const whole = yuan === "0" ? "" : `${wholeNumber(yuan)}元`;
  if (jiao === "0" && fen === "0") return `${whole || "零元"}整`;
  const tenths = jiao === "0" ? (whole && "零") : `${DIGITS[jiao]}角`;
  return whole + tenths + (fen === "0" ? "整" : `${DIGITS[fen]}分`);
}

/** 1.2 → 12000, in text, so that no binary fraction comes between. */
function moveFourPlaces(text) {
  const [yuan, part = ""] = text.split(".");
  if (!/^\d+$/.test(yuan) || !/^\d*$/.test(part)) return "";
  const moved = `${yuan}${part.padEnd(4, "0").slice(0, 4)}`;
  return part.length > 4 ? `${moved}.${part.slice(4)}` : moved;
}

function wholeNumber(digits) {
  const groups = [];
  for (let end = digits.length; end > 0; end -= 4) {
    groups.unshift(digits.slice(Math.max(0, end - 4), end));
  }
  let words = "";
  let gap = false;
  groups.forEach((group, at) => {
    if (Number(group) === 0) {
      gap = words !== "";
      return;
    }
    if (words && (gap || group.startsWith("0"))) words += DIGITS[0];
    words += fourDigits(group) + groupName(groups, at);
    gap = false;
  });
  return words;
}

/** 万亿 is said once: 12 0000 0000 0000 is 壹拾贰万亿. */
function groupName(groups, at) {
  const place = groups.length - 1 - at;
  if (place === 3 && Number(groups[at + 1]) !== 0) return "万";
  return GROUPS[place];
}

function fourDigits(group) {
  let words = "";
  let gap = false;
  [...group].forEach((digit, at) => {
    if (digit === "0") {
      gap = words !== "";
      return;
    }
    words += (gap ? DIGITS[0] : "") + DIGITS[digit] + PLACES[group.length - 1 - at];
    gap = false;
  });
  return words;
}

/** Spells every amount now and while it is typed. */
export function watchAmounts(fields) {
  const spell = () => {
    for (const place of fields.querySelectorAll("[data-capitals]")) {
      const field = document.getElementById(place.dataset.capitals);
      if (field) place.textContent = capitals(field.value);
    }
  };
  fields.addEventListener("input", spell);
  spell();
}

/** Says how many characters have been written where a number is asked for. */
export function watchCounts(fields) {
  const count = () => {
    for (const place of fields.querySelectorAll("[data-counts]")) {
      const field = document.getElementById(place.dataset.counts);
      if (field) place.textContent = place.dataset.words.replace("{n}", [...field.value.trim()].length);
    }
  };
  fields.addEventListener("input", count);
  count();
}
