package dev.lariat.net;

import io.netty.buffer.Unpooled;
import io.netty.channel.DefaultFileRegion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/** Sends a file over a connection, part by part: what is not sent yet can be cancelled. */
final class SendFile {
  private static final int PART = 1024 * 1024;
  private static final int COPIED_PART = 256 * 1024;

  private final ChannelTransport transport;
  private final FileChannel file;
  private final boolean copies;

  private SendFile(ChannelTransport transport, FileChannel file, boolean copies) {
    this.transport = transport;
    this.file = file;
    this.copies = copies;
  }

  static long send(
      BaseTransport to, FileChannel file, long offset, @Nullable Long count, boolean fallback)
      throws IOException {
    Sockets.checkRange(offset, count);
    if (!(to instanceof ChannelTransport transport)) {
      throw new IllegalArgumentException("sendfile needs a TCP or Unix connection: " + to);
    }
    if (transport.isClosing()) {
      throw new IllegalStateException("Transport is closing: " + to);
    }
    int _ = file.read(ByteBuffer.allocate(0), 0); // throws if the file cannot be read
    String obstacle = obstacle(transport, file);
    if (obstacle != null && !fallback) {
      throw new SendfileNotAvailableException(
          "The system cannot send the file by itself, because "
              + obstacle
              + "; allow the fallback");
    }
    return new SendFile(transport, file, obstacle != null).send(offset, count);
  }

  private static @Nullable String obstacle(ChannelTransport transport, FileChannel file) {
    if (transport.tls() != null) {
      return "the connection is encrypted";
    }
    // Netty's native code looks into the fields of the JDK's own.
    boolean ofTheSystem = file.getClass().getName().equals("sun.nio.ch.FileChannelImpl");
    return ofTheSystem ? null : "the file is not one of the operating system's";
  }

  private long send(long offset, @Nullable Long count) throws IOException {
    boolean wasReading = transport.isReading();
    long position = offset;
    transport.beginFile();
    try {
      transport.pauseReading();
      transport.awaitEmpty();
      for (long left = Sockets.left(file, position, offset, count); left > 0; ) {
        int bytes = (int) Math.min(left, copies ? COPIED_PART : PART);
        Object part = copies ? copy(position, bytes) : new Region(file, position, bytes);
        if (transport.isClosing()) { // perhaps while the file was read
          throw StreamReaderProtocol.lostConnection();
        }
        position += bytes;
        transport.sendPart(part, bytes);
        left = Sockets.left(file, position, offset, count);
      }
      return position - offset;
    } finally {
      transport.endFile();
      if (wasReading) {
        transport.resumeReading();
      }
      if (position > offset && file.isOpen()) {
        file.position(position);
      }
    }
  }

  /** Reads in another thread: a disk may take its time. */
  private Object copy(long position, int bytes) throws IOException {
    ByteBuffer block = ByteBuffer.allocate(bytes);
    Channels.await(
        transport
            .reactor()
            .loop
            .runInExecutor(
                null,
                () -> {
                  int count = 0;
                  while (block.hasRemaining() && count >= 0) {
                    count = file.read(block, position + block.position());
                  }
                  return count;
                }));
    if (block.hasRemaining()) {
      throw new IOException("The file became shorter while it was sent: " + file);
    }
    return Unpooled.wrappedBuffer(block.flip());
  }

  /** A part of a file that stays the caller's: Netty's own closes it. */
  private static final class Region extends DefaultFileRegion {
    Region(FileChannel file, long position, long count) {
      super(file, position, count);
    }

    @Override
    protected void deallocate() {}
  }
}
