// Letters of diagrams: the desk's Chinese faces, so that labels wrap as they are measured.
const FONT = '"PingFang SC", "Microsoft YaHei UI", "Microsoft YaHei", "Noto Sans SC", "Noto Sans CJK SC", sans-serif';

export const texts = { defaultStyle: { fontFamily: FONT, fontSize: 13 }, externalStyle: { fontSize: 12 } };
