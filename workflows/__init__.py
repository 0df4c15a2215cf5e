"""What a case is and does; knows nothing of the web.

Glossary (the same words in code, tables, screens):
case 案件 — one matter with its parties, facts, documents, timeline and 受理号;
run 办理程序 — one unit's procedure for a case, pinned to one package version;
work item 待办 — one user task in an inbox; clock 期限 — a legal time limit, a row;
package 流程包, version (draft → published → retired), scenario; unit 单位, grid 网格,
post 岗位 (person × role × unit × dates); call — something a diagram asks of the platform;
journal 运行日志 — what was submitted to a run, enough to run it again;
timeline 办理记录 — what people read, append-only, hash-chained; volume 卷宗.
Start reading at `cases/decide.py`.
"""
