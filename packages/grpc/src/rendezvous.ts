import { createHash } from 'node:crypto';
import { connectivityState, experimental } from '@grpc/grpc-js';

const POLICY = 'switchboard_rendezvous';
/** The metadata that carries the key of a call. */
export const KEY = 'affinity-key';
/** The service config of a channel that balances like this. */
export const balanced = JSON.stringify({ loadBalancingConfig: [{ [POLICY]: {} }] });

interface Child {
  readonly name: string;
  readonly picker: experimental.Picker;
}

/**
 * Calls with a key go to the process whose address weighs most together with it (rendezvous hashing): to the same one from every
 * client, as long as it is there, and when one goes only its keys move. Calls without one take turns.
 */
class RendezvousPicker implements experimental.Picker {
  private readonly children: readonly Child[];
  private next: number;
  constructor(children: readonly Child[]) {
    this.children = children;
    this.next = Math.floor(Math.random() * children.length);
  }
  pick(args: experimental.PickArgs): experimental.PickResult {
    const [key] = args.metadata.get(KEY);
    this.next = (this.next + 1) % this.children.length;
    const inTurn = this.children.slice(this.next, this.next + 1);
    const { picker } = heaviest(key === undefined ? inTurn : this.children, String(key));
    return picker.pick(args);
  }
}

/** The child that the key belongs to; the children are one at least. */
export function heaviest<Named extends { readonly name: string }>(children: readonly Named[], key: string): Named {
  const weight = ({ name }: Named): string => createHash('sha1').update(`${key}\0${name}`).digest('hex');
  const [first, ...others] = children;
  if (!first) throw new Error('there is nobody to choose from');
  if (others.length === 0) return first;
  let [found, most] = [first, weight(first)];
  for (const child of others) {
    const own = weight(child);
    if (own > most) [found, most] = [child, own];
  }
  return found;
}

/** Keeps a connection to every address, as gRPC's round_robin does. */
class RendezvousBalancer implements experimental.LoadBalancer {
  private children: experimental.LeafLoadBalancer[] = [];
  private state = connectivityState.IDLE;
  private lastError = '';
  private isUpdating = false;
  private readonly channel: experimental.ChannelControlHelper;
  private readonly helper: experimental.ChannelControlHelper;

  constructor(channel: experimental.ChannelControlHelper) {
    this.channel = channel;
    this.helper = experimental.createChildChannelControlHelper(channel, {
      updateState: (state, _picker, error) => {
        // Asked anew for the addresses when a connection is lost.
        if (this.state === connectivityState.READY && state !== connectivityState.READY) channel.requestReresolution();
        if (error !== null) this.lastError = error;
        this.report();
      },
    });
  }

  updateAddressList(
    endpoints: Parameters<experimental.LoadBalancer['updateAddressList']>[0],
    _config: experimental.TypedLoadBalancingConfig,
    options: Parameters<experimental.LoadBalancer['updateAddressList']>[2],
    note: string,
  ): boolean {
    if (!endpoints.ok) {
      if (this.children.length === 0) this.unavailable(endpoints.error.details);
      return true;
    }
    const before = this.children;
    this.isUpdating = true;
    this.children = endpoints.value.map(
      (endpoint) => new experimental.LeafLoadBalancer(endpoint, this.helper, options, note),
    );
    for (const child of this.children) child.startConnecting();
    // Afterwards, so that connections that stay are not closed in between.
    for (const child of before) child.destroy();
    this.isUpdating = false;
    this.report();
    return true;
  }

  private report(): void {
    if (this.isUpdating) return;
    const states = this.children.map((child) => child.getConnectivityState());
    const { READY, CONNECTING, IDLE } = connectivityState;
    const ready = this.children.filter((_, at) => states[at] === READY);
    if (ready.length > 0) this.tell(READY, new RendezvousPicker(ready.map(named)));
    else if (states.includes(CONNECTING) || states.includes(IDLE))
      this.tell(CONNECTING, new experimental.QueuePicker(this));
    else this.unavailable(this.lastError);
    for (const child of this.children) if (child.getConnectivityState() === IDLE) child.exitIdle();
  }

  private unavailable(why: string): void {
    const details = `no connection could be established: ${why}`;
    this.tell(connectivityState.TRANSIENT_FAILURE, new experimental.UnavailablePicker({ details }), details);
  }

  private tell(state: connectivityState, picker: experimental.Picker, error: string | null = null): void {
    this.state = state;
    this.channel.updateState(state, picker, error);
  }

  exitIdle(): void {
    // Every child is kept connected.
  }

  resetBackoff(): void {
    // The children have their own.
  }

  destroy(): void {
    for (const child of this.children) child.destroy();
    this.children = [];
  }

  getTypeName(): string {
    return POLICY;
  }
}

const named = (child: experimental.LeafLoadBalancer): Child => ({
  name: experimental.endpointToString(child.getEndpoint()),
  picker: child.getPicker(),
});

class RendezvousConfig implements experimental.TypedLoadBalancingConfig {
  getLoadBalancerName(): string {
    return POLICY;
  }
  toJsonObject(): object {
    return { [POLICY]: {} };
  }
  static createFromJson(): RendezvousConfig {
    return new RendezvousConfig();
  }
}

experimental.registerLoadBalancerType(POLICY, RendezvousBalancer, RendezvousConfig);
