package dev.lariat.net;

import static dev.lariat.Asyncio.createTask;

import dev.lariat.Asyncio;
import dev.lariat.ExceptionGroup;
import dev.lariat.Future;
import dev.lariat.ReturnWhen;
import dev.lariat.Task;
import dev.lariat.Waited;
import dev.lariat.net.internal.Reactor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Connects to the first address of several that answers: Happy Eyeballs (RFC 8305). Models {@code
 * asyncio.staggered}.
 */
final class Connector {
  private final Reactor reactor;
  private final ConnectOptions options;
  private final List<InetSocketAddress> addresses;
  private final List<Throwable> errors = new ArrayList<>();

  Connector(Reactor reactor, List<InetSocketAddress> addresses, ConnectOptions options) {
    this.reactor = reactor;
    this.options = options;
    this.addresses = Resolver.interleave(addresses, options.interleave());
  }

  /** <i>Cancellable</i>: yes; then nothing is left open. */
  ChannelTransport connect() throws IOException {
    if (addresses.size() == 1) {
      return tryOne(addresses.getFirst());
    }
    Set<Task<ChannelTransport>> trying = new LinkedHashSet<>();
    try {
      return race(trying);
    } finally {
      giveUp(trying);
    }
  }

  private ChannelTransport tryOne(InetSocketAddress address) throws IOException {
    try {
      return connectTo(address);
    } catch (IOException error) {
      errors.add(error);
      throw failure();
    }
  }

  private ChannelTransport connectTo(InetSocketAddress address) throws IOException {
    return Channels.connect(reactor, reactor.sockets.tcp()::get, address, options.localAddress());
  }

  private ChannelTransport race(Set<Task<ChannelTransport>> trying) throws IOException {
    int next = 0;
    while (next < addresses.size() || !trying.isEmpty()) {
      if (next < addresses.size()) {
        InetSocketAddress address = addresses.get(next++);
        trying.add(createTask(() -> connectTo(address)));
      }
      Duration patience = next < addresses.size() ? options.happyEyeballsDelay() : null;
      Waited<ChannelTransport> waited = Asyncio.wait(trying, patience, ReturnWhen.FIRST_COMPLETED);
      for (Future<? extends ChannelTransport> done : waited.done()) {
        trying.removeIf(task -> task == done);
        Throwable error = done.cancelled() ? null : done.exception();
        if (error != null) {
          errors.add(error);
        } else if (!done.cancelled()) {
          return done.result();
        }
      }
    }
    throw failure();
  }

  /** Cancels the others. One may have connected at the last moment: then it is closed. */
  private void giveUp(Set<Task<ChannelTransport>> trying) {
    if (reactor.loop.isClosed()) {
      return; // and its connections are closed with it
    }
    for (Task<ChannelTransport> task : trying) {
      task.cancel();
      task.addDoneCallback(done -> {
        if (!done.cancelled() && done.exception() == null) {
          done.result().discard();
        }
      });
    }
  }

  private IOException failure() {
    if (options.allErrors()) {
      throw new ExceptionGroup("createConnection failed", errors);
    }
    Throwable first = errors.getFirst();
    if (errors.stream().allMatch(error -> message(error).equals(message(first)))) {
      return first instanceof IOException same ? same : new IOException(first);
    }
    IOException all =
        new IOException(
            "Multiple exceptions: "
                + String.join(", ", errors.stream().map(Connector::message).toList()),
            first);
    errors.stream().skip(1).forEach(all::addSuppressed);
    return all;
  }

  private static String message(@Nullable Throwable error) {
    return String.valueOf(error == null ? null : error.getMessage());
  }
}
