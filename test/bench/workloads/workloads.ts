import { crashResume } from './crashResume.ts';
import { extensionHost, extensionHostSmall } from './extensionHost.ts';
import { firstPage } from './firstPage.ts';
import { hostLoad } from './hostLoad.ts';
import { limitedConnections } from './limitedConnections.ts';
import { longWay } from './longWay.ts';
import { manyPartsResume } from './manyPartsResume.ts';
import { mediumObjects, smallObjects, smallObjectsFromOss } from './manyObjects.ts';
import { oneObject } from './oneObject.ts';
import { sizes } from './sizes.ts';
import type { Workload } from './workload.ts';

/** In the order of the report. */
export const workloads: readonly Workload[] = [
  oneObject,
  limitedConnections,
  longWay,
  smallObjects,
  smallObjectsFromOss,
  mediumObjects,
  crashResume,
  manyPartsResume,
  hostLoad,
  extensionHost,
  extensionHostSmall,
  firstPage,
  sizes,
];
