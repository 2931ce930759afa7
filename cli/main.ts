#!/usr/bin/env node
import { surviveClosedPipes, tellUncaught } from "./last-resort.ts";
import { main } from "./program.ts";

surviveClosedPipes(process.stdout, process.stderr);
const finished = tellUncaught(process.stderr);
process.exitCode = await main(process.argv, process.stdout, process.stderr);
finished();
