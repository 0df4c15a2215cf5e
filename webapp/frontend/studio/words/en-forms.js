// English of the studio's room “forms”.
export const forms = {
  表单: "Forms",
};
