/** A simulated reader in a process of its own, so that nothing that it holds of a card is found in the driver's. */
import { PHOTO_BYTES } from '../../../drivers/id-reader/parts.ts'
import { type SimulatedCard, startIdReaderSimulator } from '../../../drivers/simulators/id-reader.ts'

export type ToSimulator = { place: SimulatedCard } | 'lift'

const simulator = await startIdReaderSimulator({ listen: 'tcp://127.0.0.1:0' })
process.on('message', (told: ToSimulator) => {
  if (told === 'lift') simulator.liftCard()
  else {
    const photo = new Uint8Array(PHOTO_BYTES).fill(0x46)
    simulator.placeCard(told.place, { prints: 1024, extraAddress: told.place.address, photo })
  }
})
process.on('disconnect', () => process.exit())
process.send?.(simulator.port)
