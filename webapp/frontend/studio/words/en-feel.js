// English of the studio's room “feel”.
export const feel = {};
