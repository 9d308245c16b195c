/** `GET /v1/devices/{id}/events` (PROTOCOLS.md §1.5): Server-Sent Events that a device keeps open. */
import type { ServerResponse } from 'node:http'
import type { z } from 'zod'
import { EVENTS_COMMENT_SECONDS, type VersionNotice } from '../../../protocol/devices.ts'
import type { HallParts } from '../parts.ts'
import { settingsVersion } from './settings.ts'

const COMMENT_INTERVAL_MS = EVENTS_COMMENT_SECONDS * 1000

export interface EventStreams {
  open(response: ServerResponse): void
  /** Ends every stream, so that the server can close. */
  close(): void
}

export function eventStreams(parts: HallParts): EventStreams {
  const open = new Set<ServerResponse>()
  const timer = setInterval(() => {
    for (const response of open) response.write(': still here\n\n')
  }, COMMENT_INTERVAL_MS)
  timer.unref()

  return {
    open(response) {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
      tell(response, 'content', { version: parts.content.manifest.version })
      tell(response, 'settings', { version: settingsVersion() })
      open.add(response)
      response.on('close', () => open.delete(response))
    },
    close() {
      clearInterval(timer)
      for (const response of open) response.end()
    },
  }
}

function tell(
  response: ServerResponse,
  event: 'content' | 'settings',
  data: z.infer<typeof VersionNotice>,
): void {
  response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
}
