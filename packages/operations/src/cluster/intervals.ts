import { Duration } from "effect"
import { ShardingConfig } from "effect/cluster"

/**
 * Campaigns and operations are divided apart from each other. An operation whose part moves to another
 * process goes on for a moment on the old one, and must reach its campaigns meanwhile: in one part with
 * it they would be out of reach until it has ended.
 */
export const SHARD_GROUPS = { operations: "default", campaigns: "campaigns" } as const

/**
 * Parts into which the campaigns are divided, and as many for the operations; each is owned by one
 * process at a time. Enough to divide the work evenly among a dozen processes, few enough that renewing
 * their leases costs nothing. Every process of a cluster must have the same number.
 */
const SHARDS_PER_GROUP = 64

/** All parts. */
export const SHARDS = SHARDS_PER_GROUP * Object.keys(SHARD_GROUPS).length

/**
 * How long a lease on a shard holds without being renewed: the longest for which a dead process keeps
 * its part of the work, and thrice the longest pause of the database that a live one lives through
 * without losing its own. The engine's default is 35 s.
 */
const LEASE = Duration.seconds(6)
/** A third of the lease, so that two renewals may fail. */
const LEASE_RENEWAL = Duration.seconds(2)
/** How often free shards and new processes are looked for: it adds to the time of a takeover. */
const ASSIGNMENT_LOOK = Duration.seconds(1)
/** How often stored messages are looked for that nobody was told of. The engine's default is 10 s. */
const MESSAGE_LOOK = Duration.seconds(1)
/** How often a process asks another whether it is there. The engine's default is a minute. */
const HEALTH_LOOK = Duration.seconds(2)
/**
 * How long an owner is given to end what is under way before it lets go: longer than a change takes
 * that waits for nothing. One that waits is interrupted, and done by the next owner. The engine's
 * default is 15 s, for which a fleet would stand still whenever a process comes or goes.
 */
const LETTING_GO = Duration.seconds(5)

/** What differs from the engine's defaults: the defaults are for takeovers within a minute. */
export const intervals = {
  ...ShardingConfig.defaults,
  shardsPerGroup: SHARDS_PER_GROUP,
  availableShardGroups: Object.values(SHARD_GROUPS),
  assignedShardGroups: Object.values(SHARD_GROUPS),
  // Leases in a table, not locks of a session: a pooler does not break them, and who holds what can be read.
  shardLockDisableAdvisory: true,
  shardLockExpiration: LEASE,
  shardLockRefreshInterval: LEASE_RENEWAL,
  refreshAssignmentsInterval: ASSIGNMENT_LOOK,
  entityMessagePollInterval: MESSAGE_LOOK,
  runnerHealthCheckInterval: HEALTH_LOOK,
  entityTerminationTimeout: LETTING_GO,
  // A request to a campaign of this same process is handed over as it is.
  simulateRemoteSerialization: false
} satisfies Partial<ShardingConfig.ShardingConfig["Service"]>

/** Seconds for which a lease holds, to tell free shards from held ones. */
export const LEASE_SECONDS = Duration.toSeconds(LEASE)

/** As above, for one process alone: almost every change ends within it, and nothing more is begun meanwhile. */
const LETTING_GO_ALONE = Duration.seconds(1)
/** Nobody comes or goes where one process is alone. A look after it has ended would warn that nobody is there. */
const ASSIGNMENT_LOOK_ALONE = Duration.minutes(1)

/** The same for one process alone, which lets go of nothing before it ends. */
export const intervalsAlone = {
  ...intervals,
  refreshAssignmentsInterval: ASSIGNMENT_LOOK_ALONE,
  entityTerminationTimeout: LETTING_GO_ALONE
} satisfies Partial<ShardingConfig.ShardingConfig["Service"]>
