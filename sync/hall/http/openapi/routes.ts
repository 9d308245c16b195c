/**
 * Every route of the hall server, described. A route that is added to the app is described in its room's file here:
 * a test holds this table against the running server, route by route and answer by answer.
 */
import { caseRoutes } from './case-routes.ts'
import { contentRoutes } from './content-routes.ts'
import { deviceRoutes } from './device-routes.ts'
import { evaluationRoutes } from './evaluation-routes.ts'
import { recordRoutes } from './record-routes.ts'
import type { RouteSchema } from './route-schema.ts'

export const routeSchemas: readonly RouteSchema[] = [
  ...deviceRoutes,
  ...recordRoutes,
  ...contentRoutes,
  ...caseRoutes,
  ...evaluationRoutes,
]
