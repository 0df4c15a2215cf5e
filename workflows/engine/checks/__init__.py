"""Static checks of diagrams: what can be known without running them.

Each module looks at one side and returns findings, never raises. `structure`: nodes and flows;
`traps`: constructs that the engine or the eye gets wrong; `expressions`: every FEEL text;
`parts`: roles, forms, rules, operations and documents the package must have. Add a check where
its reason to change lives; its sentence goes to `workflows/texts/engine.toml`.
"""
