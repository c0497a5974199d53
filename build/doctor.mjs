#!/usr/bin/env node
// @ts-check
import './lib/node-version.mjs';
import { examine } from './lib/doctor-checks.mjs';
import { readPaths } from './lib/paths.mjs';

/* npm run doctor [-- --json]: checks every part and says how to mend it. Ends with 1 if something that is needed is broken. */

const findings = await examine(readPaths());
const healthy = findings.every((finding) => finding.ok || !finding.needed);

if (process.argv.includes('--json')) console.log(JSON.stringify({ ok: healthy, findings }, null, 2));
else {
  for (const { part, ok, needed, summary, repair } of findings) {
    console.log(`${ok ? 'ok      ' : needed ? 'BROKEN  ' : 'missing '} ${part}: ${summary}`);
    if (repair !== undefined) console.log(`         -> ${repair}`);
  }
  console.log(healthy ? 'Nothing that is needed is broken.' : 'Something that is needed is broken; see the lines marked BROKEN.');
}
process.exitCode = healthy ? 0 : 1;
