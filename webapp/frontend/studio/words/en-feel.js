// English of the studio's room “feel”.
export const feel = {
  "样例案件：{values}": "Sample case: {values}",
  文字: "text",
  数: "number",
  是或否: "yes or no",
  日期: "date",
  日期和时间: "date and time",
  时刻: "time",
  清单: "list",
  一组值: "context",
  任意: "any",
};
