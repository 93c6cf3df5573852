"""One file a stage; no stage imports another. A stage is a module with these names:

    EACH     "project" | "section" | "character" | "shot" | "output": what it is made for
    VERSION  a whole number, raised when the same recipe and inputs would give other bytes
    EXACT    True where the same key gives the same bytes on any machine
    LANE     "cpu" | "gpu" | "encode" | "net"
    recipe(project, unit, ...) -> (values, sources)
             values: plain JSON, only what make() truly reads. sources: field -> where that field comes from, a path in
             the project file (`style.look`) or `node:path`; a field left out has no place of its own
    make(job, desk) -> Made
             reads job.recipe, the paths desk.path(blob) of job.inputs[role] and job.files[role]; writes under desk.out

Which inputs a stage reads is said in pipeline.wire, where the whole pipeline stands on one screen. A module's head
imports the standard library, mvr.model, mvr.errors and mvr.engine.job only; what is heavy is imported inside make.
"""
