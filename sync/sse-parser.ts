/** Server-Sent Events as they come off the wire (WHATWG HTML §9.2.6): chunks in, whole events out. No I/O. */

export interface ServerSentEvent {
  /** `message` where the stream names none. */
  event: string
  data: string
}

/** Far above any event of the contract; a stream that never ends a line must not fill the memory. */
const MAX_PENDING_CHARACTERS = 256 * 1024

export interface SseParser {
  /** The events that this chunk completes; null when the stream holds more than any event may. */
  push(chunk: Uint8Array): ServerSentEvent[] | null
}

export function createSseParser(): SseParser {
  const decoder = new TextDecoder()
  let pending = ''
  let afterCr = false
  let event = ''
  let data: string[] = []
  let held = 0

  function line(text: string, events: ServerSentEvent[]): void {
    if (text === '') {
      if (data.length > 0) events.push({ event: event === '' ? 'message' : event, data: data.join('\n') })
      event = ''
      data = []
      held = 0
      return
    }
    const colon = text.indexOf(':')
    if (colon === 0) return
    const field = colon < 0 ? text : text.slice(0, colon)
    const value = colon < 0 ? '' : text.slice(text[colon + 1] === ' ' ? colon + 2 : colon + 1)
    if (field === 'event') event = value
    if (field !== 'data') return
    data.push(value)
    held += value.length + 1
  }

  return {
    push(chunk) {
      let text = decoder.decode(chunk, { stream: true })
      if (text === '') return []
      if (afterCr && text.startsWith('\n')) text = text.slice(1)
      pending += text
      afterCr = pending.endsWith('\r')
      const lines = pending.split(/\r\n|\n|\r/)
      pending = lines.pop() ?? ''
      const events: ServerSentEvent[] = []
      for (const whole of lines) line(whole, events)
      return pending.length + held > MAX_PENDING_CHARACTERS ? null : events
    },
  }
}
