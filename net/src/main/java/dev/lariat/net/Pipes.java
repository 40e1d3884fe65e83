package dev.lariat.net;

import static dev.lariat.Asyncio.getRunningLoop;

import dev.lariat.Future;
import dev.lariat.net.internal.ChannelPipe;
import dev.lariat.net.internal.Direction;
import dev.lariat.net.internal.EpollPipe;
import dev.lariat.net.internal.NamedPipe;
import dev.lariat.net.internal.PipeReader;
import dev.lariat.net.internal.PipeSink;
import dev.lariat.net.internal.PipeSource;
import dev.lariat.net.internal.PipeWriter;
import dev.lariat.net.internal.Reactor;
import dev.lariat.net.internal.Readiness;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Pipes with transports and protocols, on the running loop. {@link dev.lariat.process.Subprocess}
 * makes those of a child by itself.
 *
 * <pre>{@code
 * StreamReader input = new StreamReader();
 * connectReadPipe(() -> new StreamReaderProtocol(input), Path.of("/dev/stdin"));
 * for (String line : input) { ... }
 * }</pre>
 *
 * <p><i>Thread</i>: the loop's, for every method.
 */
public final class Pipes {
  private Pipes() {}

  /**
   * Reads from a pipe. Models {@code loop.connect_read_pipe}.
   *
   * <p><i>Suspends</i>: always. <i>Cancellable</i>: yes; then the pipe is closed, and the protocol
   * told.
   *
   * @param <P> the type of the protocol
   * @param <C> a {@code Pipe.SourceChannel}, or a socket that is only read from
   * @param protocolFactory makes the protocol
   * @param pipe the transport's from now on: made non-blocking, and closed with it
   * @return the transport, and the protocol, whose {@code connectionMade} has been called
   * @throws IOException if the channel is closed
   * @throws IllegalStateException if the channel has a reader, or a transport
   */
  public static <P extends Protocol, C extends SelectableChannel & ReadableByteChannel>
      Endpoint<ReadTransport, P> connectReadPipe(Supplier<P> protocolFactory, C pipe)
          throws IOException {
    P protocol = Objects.requireNonNull(protocolFactory.get(), "the protocol");
    PipeSource source = ChannelPipe.source(take(pipe), pipe);
    return read(protocol, source, Reactor.nio(getRunningLoop()));
  }

  /**
   * Reads from a named pipe, or from a terminal. Linux, with epoll.
   *
   * <p>It does not matter whether somebody writes to the pipe yet.
   *
   * <p><i>Suspends</i>: always. <i>Cancellable</i>: yes; then the pipe is closed, and the protocol
   * told.
   *
   * @param <P> the type of the protocol
   * @param protocolFactory makes the protocol
   * @param path where the pipe is; {@code /dev/stdin} is the program's input, unless that is a file
   * @return the transport, and the protocol, whose {@code connectionMade} has been called
   * @throws IOException if the pipe cannot be opened
   * @throws IllegalArgumentException if there is something else
   */
  public static <P extends Protocol> Endpoint<ReadTransport, P> connectReadPipe(
      Supplier<P> protocolFactory, Path path) throws IOException {
    Reactor reactor = reactorForNamedPipes();
    P protocol = Objects.requireNonNull(protocolFactory.get(), "the protocol");
    FileDescriptor fd = NamedPipe.open(path, Direction.INPUT);
    return read(protocol, EpollPipe.source(reactor, fd), reactor);
  }

  private static <P extends Protocol> Endpoint<ReadTransport, P> read(
      P protocol, PipeSource source, Reactor reactor) {
    PipeReader transport = new PipeReader(reactor.loop, source, protocol);
    awaitOpening(reactor, made -> transport.open(reactor, made), transport::close);
    return new Endpoint<>(transport, protocol);
  }

  /**
   * Writes to a pipe. Models {@code loop.connect_write_pipe}.
   *
   * <p>That nobody reads from the pipe any more is noticed by the next write.
   *
   * <p><i>Suspends</i>: always. <i>Cancellable</i>: yes; then the pipe is closed, and the protocol
   * told.
   *
   * @param <P> the type of the protocol
   * @param <C> a {@code Pipe.SinkChannel}, or a socket that is only written to
   * @param protocolFactory makes the protocol
   * @param pipe the transport's from now on: made non-blocking, and closed with it
   * @return the transport, and the protocol, whose {@code connectionMade} has been called
   * @throws IOException if the channel is closed
   * @throws IllegalStateException if the channel has a writer, or a transport
   */
  public static <P extends BaseProtocol, C extends SelectableChannel & WritableByteChannel>
      Endpoint<WriteTransport, P> connectWritePipe(Supplier<P> protocolFactory, C pipe)
          throws IOException {
    P protocol = Objects.requireNonNull(protocolFactory.get(), "the protocol");
    PipeSink sink = ChannelPipe.sink(take(pipe), pipe);
    return write(protocol, sink, Reactor.nio(getRunningLoop()));
  }

  /**
   * Writes to a named pipe, or to a terminal. Linux, with epoll.
   *
   * <p>That nobody reads from the pipe any more is noticed at once.
   *
   * <p><i>Suspends</i>: always. <i>Cancellable</i>: yes; then the pipe is closed, and the protocol
   * told.
   *
   * @param <P> the type of the protocol
   * @param protocolFactory makes the protocol
   * @param path where the pipe is; {@code /dev/stdout} is the program's output, unless that is a
   *     file
   * @return the transport, and the protocol, whose {@code connectionMade} has been called
   * @throws IOException if the pipe cannot be opened: as long as nobody reads from it, for example
   * @throws IllegalArgumentException if there is something else
   */
  public static <P extends BaseProtocol> Endpoint<WriteTransport, P> connectWritePipe(
      Supplier<P> protocolFactory, Path path) throws IOException {
    Reactor reactor = reactorForNamedPipes();
    P protocol = Objects.requireNonNull(protocolFactory.get(), "the protocol");
    FileDescriptor fd = NamedPipe.open(path, Direction.OUTPUT);
    return write(protocol, EpollPipe.sink(reactor, fd), reactor);
  }

  private static <P extends BaseProtocol> Endpoint<WriteTransport, P> write(
      P protocol, PipeSink sink, Reactor reactor) {
    PipeWriter transport = new PipeWriter(reactor.loop, sink, protocol);
    awaitOpening(reactor, made -> transport.open(reactor, made), transport::abort);
    return new Endpoint<>(transport, protocol);
  }

  private static Readiness take(SelectableChannel pipe) throws IOException {
    Readiness readiness = Readiness.of(getRunningLoop());
    readiness.take(pipe);
    pipe.configureBlocking(false);
    return readiness;
  }

  private static Reactor reactorForNamedPipes() {
    Reactor reactor = Net.reactor();
    if (!EpollPipe.worksWith(reactor)) {
      throw new UnsupportedOperationException(
          "Named pipes need epoll, and this loop is on "
              + reactor.sockets.name()
              + ": open the pipe in a thread (toThread) and read from it there");
    }
    return reactor;
  }

  private static void awaitOpening(Reactor reactor, Consumer<Runnable> open, Runnable close) {
    Future<@Nullable Void> made = reactor.loop.createFuture();
    open.accept(() -> Channels.complete(made, null));
    try {
      made.await();
    } catch (Throwable error) {
      close.run();
      throw error;
    }
  }
}
