// English of the studio's room “scenarios”.
export const scenarios = {
  场景: "Scenarios",
};
