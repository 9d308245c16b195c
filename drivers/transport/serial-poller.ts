import type { SerialPort } from 'serialport'

/** libuv's UV_READABLE and UV_WRITABLE, as serialport's poller takes them. */
const READABLE = 1
const WRITABLE = 2

/**
 * Makes an opened port wait for reading and writing at once. serialport 13 forgets the one when it begins to wait
 * for the other: a printer that takes nothing, because its paper is out, would not be heard saying so, and a long
 * write would stand still until its deadline because a status byte came in meanwhile.
 */
export function waitBothWays(port: SerialPort): void {
  const binding = port.port
  if (binding === undefined || !('poller' in binding)) return
  const { poller } = binding
  const poll = poller.poll.bind(poller)
  poller.poll = (events = 0) => {
    const reading = poller.listenerCount('readable') > 0 ? READABLE : 0
    const writing = poller.listenerCount('writable') > 0 ? WRITABLE : 0
    poll(events | reading | writing)
  }
}
