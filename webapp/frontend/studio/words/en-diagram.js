// English of the studio's room “diagram”.
export const diagram = {
  流程图: "Diagrams",
  选中的元素: "Selected element",
};
