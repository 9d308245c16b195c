/** `GET /v1/devices/{id}/events` (PROTOCOLS.md §1.5): Server-Sent Events that a device keeps open. */
import type { ServerResponse } from 'node:http'
import type { z } from 'zod'
import { EVENTS_COMMENT_SECONDS, type VersionNotice } from '../../../protocol/devices.ts'
import { settingsFor } from '../../settings.ts'
import type { StoredDevice } from '../../store/store.ts'
import { errorForLog } from '../log.ts'
import type { HallParts } from '../parts.ts'

const COMMENT_INTERVAL_MS = EVENTS_COMMENT_SECONDS * 1000

/** A device that was revoked while its line stood open: told by the store at each fourth sign of life, once a minute. */
const COMMENTS_BETWEEN_REVOCATION_CHECKS = 4

/**
 * So much may wait for a device that reads nothing; then its line is ended, and it gets the full state when it
 * opens another.
 */
const MAX_WAITING_BYTES = 64 * 1024

/**
 * A device needs one; another is left behind for a while where a line died unnoticed. Without an end to it a device, or
 * whoever has its key, would take every connection of the hall.
 */
const MAX_LINES_OF_DEVICE = 4

export interface EventStreams {
  open(response: ServerResponse, device: StoredDevice): void
  /** To every line that is open. */
  tell(event: string, data: unknown): void
  /** To the lines of one device. False: it has none here. */
  tellDevice(deviceId: string, event: string, data: unknown): boolean
  /** No line is open here. */
  isEmpty(): boolean
  contentChanged(): void
  settingsChanged(): void
  /** Ends every stream, so that the server can close. */
  close(): void
}

interface Line {
  response: ServerResponse
  device: StoredDevice
  /** The version of the settings that it was told last. */
  settings: string
}

export function eventStreams(parts: HallParts): EventStreams {
  const lines = new Set<Line>()
  let comments = 0
  const timer = setInterval(() => {
    for (const line of lines) write(line, ': still here\n\n')
    comments += 1
    if (comments % COMMENTS_BETWEEN_REVOCATION_CHECKS === 0)
      endRevoked().catch((error: unknown) => parts.logger.error(errorForLog(error), 'revocations not seen'))
  }, COMMENT_INTERVAL_MS)
  timer.unref()

  async function endRevoked(): Promise<void> {
    if (lines.size === 0) return
    const devices = await parts.store.devices()
    const revoked = new Set(
      devices.filter(({ revokedAt }) => revokedAt !== null).map(({ deviceId }) => deviceId),
    )
    for (const line of lines) if (revoked.has(line.device.deviceId)) line.response.end()
  }

  function write({ response }: Line, text: string): void {
    if (response.writableLength > MAX_WAITING_BYTES) response.destroy()
    else response.write(text)
  }

  function tell(line: Line, event: string, data: unknown): void {
    write(line, `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
  }

  function tellContent(line: Line): void {
    tell(line, 'content', { version: parts.content.manifest.version } satisfies Notice)
  }

  function tellSettings(line: Line): void {
    tell(line, 'settings', { version: line.settings } satisfies Notice)
  }

  return {
    open(response, device) {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
      const line = { response, device, settings: settingsFor(parts.configuration.settings, device).version }
      tellContent(line)
      tellSettings(line)
      const serving = parts.queueServing()
      if (serving !== null) tell(line, 'queue', serving)
      lines.add(line)
      const own = [...lines].filter((one) => one.device.deviceId === device.deviceId)
      // A set keeps its order: the oldest first. Whoever is still there opens another.
      for (const { response: oldest } of own.slice(0, -MAX_LINES_OF_DEVICE)) oldest.end()
      response.on('close', () => lines.delete(line))
    },
    tell(event, data) {
      for (const line of lines) tell(line, event, data)
    },
    tellDevice(deviceId, event, data) {
      const own = [...lines].filter(({ device }) => device.deviceId === deviceId)
      for (const line of own) tell(line, event, data)
      return own.length > 0
    },
    isEmpty: () => lines.size === 0,
    contentChanged() {
      for (const line of lines) tellContent(line)
    },
    settingsChanged() {
      for (const line of lines) {
        const { version } = settingsFor(parts.configuration.settings, line.device)
        if (version === line.settings) continue
        line.settings = version
        tellSettings(line)
      }
    },
    close() {
      clearInterval(timer)
      for (const { response } of lines) response.end()
    },
  }
}

type Notice = z.infer<typeof VersionNotice>
