/** The process that the shim is loaded into: tells each episode to its parent. */
import { type Episode, episodes } from './episodes.ts'

const tell = (episode: Episode): void => void process.send?.(episode)

for await (const episode of episodes(JSON.parse(process.argv[2] ?? '{}'))) tell(episode)
process.disconnect()
