/**
 * What is wrong with a device now: one list for its own screen, for its hall and for the doctor. Pure; whether it lasts
 * is for `settle.ts` to see.
 */
import { judgeHall } from './judge-hall.ts'
import { judgeMachine } from './judge-machine.ts'
import { judgePeripherals } from './judge-peripherals.ts'
import type { HealthSnapshot } from './snapshot.ts'
import type { Trouble } from './trouble.ts'

export const judgeHealth = (snapshot: HealthSnapshot): Trouble[] => [
  ...judgePeripherals(snapshot),
  ...judgeHall(snapshot),
  ...judgeMachine(snapshot),
]
