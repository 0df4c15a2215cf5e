// English of the studio's room “decisions”.
export const decisions = {
  决策表: "Decision tables",
};
