// Which fields of a party a form shows. What they mean is the same in every form.
import { h } from "../dom.js";
import { t, titled } from "../words.js";
import { part, radios } from "./inputs.js";
import { place } from "./model.js";

export function partiesPart(desk, at, property) {
  const known = desk.studio.told.vocabulary.party ?? [];
  const listed = property.items?.properties;
  const required = property.items?.required ?? known.filter((one) => one.required).map((one) => one.name);
  const change = (act) => desk.edit((schema) => act((place(schema, at).property.items ??= { type: "object" })));
  const all = (to) =>
    desk.edit((schema) => {
      const one = place(schema, at).property;
      if (to === "all") delete one.items?.properties;
      else (one.items ??= { type: "object" }).properties = Object.fromEntries(known.filter((field) => !field.always).map(({ name }) => [name, {}]));
    });
  const show = (name, on) =>
    change((items) => {
      if (on) items.properties[name] = {};
      else delete items.properties[name];
    });
  const demand = (name, on) => change((items) => (items.required = on ? [...new Set([...required, name])] : required.filter((one) => one !== name)));
  const box = (id, label, checked, write, disabled = false) => h("input", { type: "checkbox", id, "aria-label": label, checked, disabled, onchange: (event) => write(event.target.checked) });
  const row = ({ name, title, always }) => {
    const words = titled(title);
    const isShown = always || !listed || name in listed;
    return h("tr", {}, h("th", { scope: "row" }, words), h("td", {}, box(`pa-s-${name}`, t("问“{title}”", { title: words }), isShown, (on) => show(name, on), always || !listed)), h("td", {}, box(`pa-r-${name}`, t("“{title}”必填", { title: words }), always || required.includes(name), (on) => demand(name, on), always || !isShown)));
  };
  return part("party", t("问当事人什么"), [
    radios("p-party", t("问当事人什么"), listed ? "some" : "all", [["all", t("全部项目")], ["some", t("挑选项目")]], all),
    h("table", { class: "fq-table is-small" }, h("thead", {}, h("tr", {}, [t("项目"), t("问"), t("必填")].map((words) => h("th", { scope: "col" }, words)))), h("tbody", {}, known.map(row))),
  ]);
}
