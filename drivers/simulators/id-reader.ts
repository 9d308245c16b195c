import { FrameParser } from '../id-reader/parser.ts'
import {
  type IdReaderSimulator,
  mouthBefore,
  SimulatedReader,
  type SimulatedReaderOptions,
} from './id-reader-device.ts'
import { PacedOutput } from './paced-output.ts'
import { Wire } from './wire.ts'

export type { IdReaderSimulator } from './id-reader-device.ts'
export type { CardExtras, SamQuirks, SimulatedCard } from './id-reader-sam.ts'

export interface IdReaderSimulatorOptions extends SimulatedReaderOptions {
  /** `tcp://127.0.0.1:PORT`, port 0 taking a free one, or `pty:/PATH`. */
  listen: string
  /** Speed of the simulated line; default 115200. */
  baud?: number
}

const DEFAULT_BAUD = 115_200
/** 8 data bits with start and stop bit. */
const BITS_PER_BYTE = 10

/** The other end of an SDT reader's serial cable. */
export async function startIdReaderSimulator(options: IdReaderSimulatorOptions): Promise<IdReaderSimulator> {
  const baud = options.baud ?? DEFAULT_BAUD
  const output = new PacedOutput(baud, (bytes) => wire.send(bytes))
  const reader = new SimulatedReader(options, (reply, answer) => {
    const sendingMs = (reply.length * BITS_PER_BYTE * 1000) / output.baud
    sendingUntilMs = Math.max(performance.now(), sendingUntilMs) + sendingMs
    mouth.speak(reply)
    if (answer.baud !== undefined) output.baud = answer.baud
  })
  let parser = new FrameParser()
  /** What a faulty line makes of the answer afterwards is not the driver's to know. */
  let sendingUntilMs = Number.NEGATIVE_INFINITY
  const wire = await Wire.listen(
    options.listen,
    {
      attached: () => {
        parser = new FrameParser()
        sendingUntilMs = Number.NEGATIVE_INFINITY
      },
      data: (chunk) => {
        const discarded = parser.discardedBytes
        for (const request of parser.push(chunk)) {
          if (performance.now() < sendingUntilMs)
            reader.misuse.record('a request while an answer was still being sent')
          reader.take(request)
        }
        if (parser.discardedBytes > discarded) reader.misuse.record('bytes that are no frame')
      },
      detached: () => {
        output.clear()
        reader.forget()
      },
    },
    { baud, misuse: reader.misuse },
  )
  const mouth = mouthBefore(wire.faults, (bytes) => output.write(bytes))
  const unplug = (): Promise<void> => {
    reader.sam.losePower()
    return wire.unplug()
  }
  return {
    ...reader.controls(),
    port: wire.port,
    faults: mouth.faults,
    unplug,
    plug: () => wire.plug(),
    close: async () => {
      mouth.faults.clear()
      await unplug()
    },
  }
}
