package dev.lariat.net.internal;

import dev.lariat.EventLoop;
import dev.lariat.Future;
import dev.lariat.Handle;
import dev.lariat.context.Context;
import dev.lariat.event.Registration;
import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.nio.NioIoEvent;
import io.netty.channel.nio.NioIoHandle;
import io.netty.channel.nio.NioIoOps;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Tells when channels of the JDK that are a program's own can be read from or written to: what
 * {@code add_reader} needs, and the {@code sock_} functions. They are watched by the JDK's selector
 * (ADR 10).
 *
 * <p>A watcher is armed for one event, and again when its callback has run. So a callback that
 * leaves something unread is called again, as asyncio's is, and what was removed is never called.
 * Invariant: an open channel's watcher is armed, or its event is on its way, or its callback
 * scheduled.
 *
 * <p>Closing a channel does not wake the selector; {@link #sweep} looks for such channels. Their
 * watchers are told as if they were ready, and learn the rest from the channel.
 */
public final class Readiness implements AutoCloseable {
  private static final long SWEEP_MILLIS = 1_000;

  private final EventLoop loop;
  private final Reactor reactor;

  /** The loop's thread only. */
  private final Map<SelectableChannel, Watched> watched = new IdentityHashMap<>();

  /** Channels that transports have taken. The loop's thread only. */
  private final Map<SelectableChannel, Boolean> taken = new WeakHashMap<>();

  /** Netty's thread only. */
  private final Set<Watched> registered = new LinkedHashSet<>();

  /** A sweep is to come. Netty's thread only. */
  private boolean sweeping;

  private Readiness(EventLoop loop) {
    this.loop = loop;
    this.reactor = Reactor.nio(loop);
  }

  /** The one of {@code loop}, made when it is first needed. The loop's thread. */
  public static Readiness of(EventLoop loop) {
    return loop.attachment(Readiness.class, Readiness::new);
  }

  // -- the loop's side ---------------------------------------------------------------------------

  /** Has {@code callback} run whenever the channel is ready, in the place of the one before. */
  public Registration add(SelectableChannel channel, Direction direction, Runnable callback) {
    checkNotTaken(channel);
    return watch(channel, direction, callback);
  }

  /** As {@link #add}, for the transport that has taken the channel. */
  Registration watch(SelectableChannel channel, Direction direction, Runnable callback) {
    check(channel, direction);
    Watcher before = find(channel, direction);
    if (before != null && before.callback == null) {
      throw new IllegalStateException(
          "A task is waiting for this to be " + direction + ": " + channel);
    }
    unwatch(channel, direction);
    return start(channel, direction, callback)::end;
  }

  private static void check(SelectableChannel channel, Direction direction) {
    if (!channel.isOpen()) {
      throw new IllegalArgumentException("The channel is closed: " + channel);
    }
    if (channel.isBlocking()) {
      throw new IllegalArgumentException(
          "The channel blocks; call configureBlocking(false) first: " + channel);
    }
    if (channel.provider() != SelectorProvider.provider()) {
      throw new IllegalArgumentException(
          "The JDK's selector waits for its own provider's channels, and this is of "
              + channel.provider()
              + ": "
              + channel);
    }
    if (direction.ops(channel) == 0) {
      throw new IllegalArgumentException("This cannot be " + direction + ": " + channel);
    }
  }

  /** Throws if a transport has the channel. */
  public void checkNotTaken(SelectableChannel channel) {
    if (taken.containsKey(channel)) {
      throw new IllegalStateException("A transport uses this channel: " + channel);
    }
  }

  /** Keeps a channel that a transport takes from being watched, now and later. */
  public void take(SelectableChannel channel) {
    checkNotTaken(channel);
    if (watched.containsKey(channel)) {
      throw new IllegalStateException("The channel has a reader, a writer or a task: " + channel);
    }
    taken.put(channel, true);
  }

  private @Nullable Watcher find(SelectableChannel channel, Direction direction) {
    Watched on = watched.get(channel);
    return on == null ? null : on.watchers.get(direction);
  }

  private Watcher start(
      SelectableChannel channel, Direction direction, @Nullable Runnable callback) {
    Watched on = watched.computeIfAbsent(channel, Watched::new);
    Watcher watcher = new Watcher(on, direction, callback);
    on.watchers.put(direction, watcher);
    watcher.arm();
    return watcher;
  }

  /** Has a callback not be called any more; tells whether there was one. */
  public boolean remove(SelectableChannel channel, Direction direction) {
    checkNotTaken(channel);
    return unwatch(channel, direction);
  }

  /** As {@link #remove}, for the transport that has taken the channel. */
  boolean unwatch(SelectableChannel channel, Direction direction) {
    Watcher watcher = find(channel, direction);
    if (watcher == null || watcher.callback == null) {
      return false;
    }
    watcher.end();
    return true;
  }

  /**
   * Suspends the task until the channel is ready, or closed. Any number of tasks may wait.
   * Cancellable; nothing of that is left then.
   */
  public void await(SelectableChannel channel, Direction direction) {
    check(channel, direction);
    Watcher watcher = find(channel, direction);
    if (watcher == null) {
      watcher = start(channel, direction, null);
    } else if (watcher.callback != null) {
      throw new IllegalStateException(
          "A callback waits for this to be " + direction + "; remove it first: " + channel);
    }
    Future<@Nullable Void> ready = loop.createFuture();
    watcher.waiting.add(ready);
    try {
      ready.await();
    } finally {
      watcher.waiting.remove(ready);
      if (watcher.waiting.isEmpty()) {
        watcher.end();
      }
    }
  }

  /** A task has used a channel; on virtual time, what that brings about is waited for. */
  public void used() {
    reactor.active();
  }

  @Override
  public void close() {
    for (Watched on : List.copyOf(watched.values())) {
      List.copyOf(on.watchers.values()).forEach(Watcher::end);
    }
  }

  /** A callback, or the tasks that wait. All is the loop's thread's, but for {@code ops}. */
  private final class Watcher {
    private final Watched on;
    private final Direction direction;
    private final @Nullable Runnable callback;
    private final Context context = Context.copyContext();
    private final List<Future<@Nullable Void>> waiting = new ArrayList<>(1);
    private @Nullable Handle scheduled;
    private boolean ended;

    /** What it is armed for: written before that is handed to Netty's thread. */
    private int ops;

    Watcher(Watched on, Direction direction, @Nullable Runnable callback) {
      this.on = on;
      this.direction = direction;
      this.callback = callback;
    }

    void arm() {
      ops = direction.ops(on.channel);
      reactor.toNetty(() -> on.arm(this));
    }

    void ready() {
      if (ended) {
        return;
      }
      if (callback != null) {
        scheduled = loop.callSoon(() -> run(callback), context);
        return;
      }
      end();
      for (Future<@Nullable Void> task : waiting) {
        if (!task.done()) {
          task.setResult(null);
        }
      }
    }

    private void run(Runnable toCall) {
      try {
        toCall.run();
      } finally {
        if (!on.channel.isOpen()) {
          end();
        } else if (!ended) {
          arm();
        }
      }
    }

    void end() {
      if (ended) {
        return;
      }
      ended = true;
      if (scheduled != null) {
        scheduled.cancel();
      }
      on.watchers.remove(direction);
      if (on.watchers.isEmpty()) {
        watched.remove(on.channel);
        reactor.toNetty(on::unregister);
      } else {
        reactor.toNetty(() -> on.disarm(this));
      }
    }
  }

  // -- Netty's side ------------------------------------------------------------------------------

  /** A channel that is watched. All is Netty's thread's, but for {@code watchers}: the loop's. */
  private final class Watched implements NioIoHandle {
    private final SelectableChannel channel;
    private final Map<Direction, Watcher> watchers = new EnumMap<>(Direction.class);
    private final List<Watcher> armed = new ArrayList<>(2);
    private @Nullable IoRegistration registration;

    Watched(SelectableChannel channel) {
      this.channel = channel;
    }

    void arm(Watcher watcher) {
      armed.add(watcher);
      submit();
    }

    void disarm(Watcher watcher) {
      if (armed.remove(watcher)) {
        submit();
      }
    }

    private void submit() {
      int ops = 0;
      for (Watcher watcher : armed) {
        ops |= watcher.ops;
      }
      if (!submit(NioIoOps.valueOf(ops))) {
        tellAll();
      }
    }

    private boolean submit(NioIoOps ops) {
      IoRegistration with = registration != null ? registration : register();
      try {
        return with != null && with.submit(ops) >= 0;
      } catch (CancelledKeyException closedJustNow) {
        return false;
      }
    }

    /** Fails if the channel is closed, or has been made a blocking one: gives null then. */
    private @Nullable IoRegistration register() {
      var done = reactor.netty().register(this); // at once: this is its thread
      if (done.isSuccess()) {
        registration = done.getNow();
        registered.add(this);
        if (!sweeping) {
          sweeping = true;
          sweepLater();
        }
      }
      return registration;
    }

    private void tellAll() {
      List<Watcher> told = List.copyOf(armed);
      armed.clear();
      reactor.toLoop(() -> told.forEach(Watcher::ready));
    }

    void unregister() {
      armed.clear();
      registered.remove(this);
      if (registration != null) {
        registration.cancel();
        registration = null;
      }
    }

    @Override
    public SelectableChannel selectableChannel() {
      return channel;
    }

    @Override
    public void handle(IoRegistration from, IoEvent event) {
      int ready = ((NioIoEvent) event).ops().value();
      List<Watcher> told = armed.stream().filter(watcher -> (watcher.ops & ready) != 0).toList();
      armed.removeAll(told);
      submit(); // before the loop, which may be this very thread, goes on
      reactor.toLoop(() -> told.forEach(Watcher::ready));
    }

    /** The selector is closed; the channel is the program's. */
    @Override
    public void close() {}
  }

  private void sweepLater() {
    var _ = reactor.netty().schedule(this::sweep, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Looks for channels that were closed while they were watched. */
  private void sweep() {
    for (Watched on : List.copyOf(registered)) {
      if (!on.channel.isOpen() && !on.armed.isEmpty()) {
        on.tellAll();
      }
    }
    sweeping = !registered.isEmpty();
    if (sweeping) {
      sweepLater();
    }
  }
}
