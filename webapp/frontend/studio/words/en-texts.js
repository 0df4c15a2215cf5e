// English of the studio's room “texts”.
export const texts = {
  文书文本: "Document texts",
};
