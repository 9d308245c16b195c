/** The writer's process: its options come as JSON in its one argument. */
import { work } from './writer.ts'

await work(JSON.parse(process.argv[2] ?? '{}'))
