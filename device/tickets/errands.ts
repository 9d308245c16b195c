/** Asking the hall's queue (PROTOCOLS.md §1.4, `GET /v1/queue`, `POST /v1/tickets`). */
import type { HallClient } from '../../sync/hall-client.ts'
import { asked } from '../hall-answers.ts'
import type { ErrandRunners } from '../session/errands.ts'

export const ticketErrands = (client: HallClient): Pick<ErrandRunners, 'queue'> => ({
  queue: async () => asked(await client.getQueue()),
})
