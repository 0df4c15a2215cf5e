// A new form: both its files, still without a field.

/** Writes the files; where the form is there already they stay. Returns {file, path}. */
export function makeForm(studio, { name, title, title_en: english }) {
  const file = `${name}.schema.json`;
  const path = `forms/${studio.key}/${file}`;
  if (studio.copy.read(path) !== null) return { file, path };
  const schema = {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: `${studio.key}/${name}`,
    type: "object",
    title,
    ...(english ? { "x-i18n": { en: { title: english } } } : {}),
    additionalProperties: false,
    properties: {},
    required: [],
  };
  studio.copy.write(path, `${JSON.stringify(schema, null, 2)}\n`);
  studio.copy.write(`forms/${studio.key}/${name}.ui.json`, `${JSON.stringify({ "ui:order": [] }, null, 2)}\n`);
  return { file, path };
}
