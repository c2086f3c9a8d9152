import { crashResume } from './crashResume.ts';
import { hostLoad } from './hostLoad.ts';
import { limitedConnections } from './limitedConnections.ts';
import { longWay } from './longWay.ts';
import { mediumObjects, smallObjects } from './manyObjects.ts';
import { manyPartsResume } from './manyPartsResume.ts';
import { oneObject } from './oneObject.ts';
import type { Workload } from './workload.ts';

/** In the order of the report. */
export const workloads: readonly Workload[] = [oneObject, limitedConnections, longWay, smallObjects, mediumObjects, crashResume, manyPartsResume, hostLoad];
