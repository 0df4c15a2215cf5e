// English of the studio's room “versions”.
export const versions = {
  草稿: "draft",
  使用中: "in use",
  已停用: "retired",
  交成版本: "Hand in as a version",
  "交成版本以后，可以演练、用过去的案件重走、请人审核、发布。版本不会再变，您可以在这里接着改。":
    "A version can be rehearsed, walked by past cases, approved and published. It never changes; you can go on working here.",
  "这一版改了什么、为什么": "What this version changes, and why",
  保存并交成版本: "Save and hand in",
  各个版本: "Versions",
  每次保存: "Every save",
  "第 {n} 次": "Save {n}",
  "第 {n} 版": "Version {n}",
  恢复到这一次: "Bring this save back",
  从这一版改起: "Start from this version",
};
