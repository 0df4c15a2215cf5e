// English of the studio's room “settings”.
export const settings = {
  设置: "Settings",
};
