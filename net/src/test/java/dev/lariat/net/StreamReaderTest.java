package dev.lariat.net;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.getRunningLoop;
import static dev.lariat.Asyncio.sleep;
import static dev.lariat.net.StreamFixtures.ascii;
import static dev.lariat.net.StreamFixtures.feed;
import static dev.lariat.net.StreamFixtures.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.lariat.CancelledError;
import dev.lariat.Task;
import dev.lariat.net.StreamFixtures.FakeTransport;
import dev.lariat.testkit.AsyncTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.DisplayName;

/** A reader that is fed by hand, in virtual time. */
class StreamReaderTest {
  private static final Duration TICK = Duration.ofMillis(1);

  /** Feeds a piece every millisecond, then the end. */
  private static StreamReader fedWith(int limit, String... pieces) {
    StreamReader reader = new StreamReader(limit);
    for (int i = 0; i < pieces.length; i++) {
      String piece = pieces[i];
      getRunningLoop().callLater(TICK.multipliedBy(i + 1), () -> feed(reader, piece));
    }
    getRunningLoop().callLater(TICK.multipliedBy(pieces.length + 1), reader::feedEof);
    return reader;
  }

  // -- read --------------------------------------------------------------------------------------

  @AsyncTest
  @DisplayName("STR-1: the limit must be positive")
  void limit() {
    assertThatThrownBy(() -> new StreamReader(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Limit");
    assertThatThrownBy(() -> ConnectOptions.DEFAULT.withLimit(-1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ServerOptions.DEFAULT.withLimit(0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(StreamReader.DEFAULT_LIMIT).isEqualTo(65536);
  }

  @AsyncTest
  @DisplayName("STR-2: read(0) is empty, and does not wait")
  void readNothing() throws IOException {
    StreamReader reader = new StreamReader();
    assertThat(reader.read(0)).isEmpty();
    feed(reader, "data");
    assertThat(reader.read(0)).isEmpty();
    assertThat(text(reader.read(10))).isEqualTo("data");
  }

  @AsyncTest
  @DisplayName("STR-2: read(n) gives what is there, up to n, and waits only while nothing is")
  void readSome() throws IOException {
    StreamReader reader = fedWith(100, "abcdef", "ghi");
    assertThat(text(reader.read(4))).isEqualTo("abcd");
    assertThat(text(reader.read(4))).isEqualTo("ef");
    assertThat(text(reader.read(4))).isEqualTo("ghi");
    assertThat(reader.atEof()).isFalse();
    assertThat(reader.read(4)).isEmpty();
    assertThat(reader.atEof()).isTrue();
    assertThat(reader.read(4)).as("again").isEmpty();
  }

  @AsyncTest
  @DisplayName("STR-2: read(-1) and read() read until the end, beyond the limit")
  void readAll() throws IOException {
    assertThat(text(fedWith(3, "abcdef", "ghi", "jklmnopq").read(-1)))
        .isEqualTo("abcdefghijklmnopq");
    assertThat(text(fedWith(3, "abcdef").read())).isEqualTo("abcdef");
    assertThat(fedWith(3).read()).isEmpty();
  }

  @AsyncTest
  @DisplayName("STR-2: a cancelled read() has lost nothing")
  void readAllCancelled() throws IOException {
    StreamReader reader = new StreamReader();
    Task<byte[]> reading = createTask(() -> reader.read());
    feed(reader, "first ");
    sleep(TICK);
    feed(reader, "second ");
    sleep(TICK);
    reading.cancel();
    assertThatThrownBy(reading::await).isInstanceOf(CancelledError.class);
    feed(reader, "third");
    reader.feedEof();
    assertThat(text(reader.read())).isEqualTo("first second third");
  }

  @AsyncTest
  @DisplayName(
      "STR-2: a stored exception is thrown by every kind of read, the same object each time")
  void storedException() {
    StreamReader reader = new StreamReader();
    feed(reader, "unread\n");
    IOException broken = new IOException("broken");
    reader.setException(broken);
    assertThat(reader.exception()).isSameAs(broken);
    assertThatThrownBy(() -> reader.read()).isSameAs(broken);
    assertThatThrownBy(() -> reader.read(1)).isSameAs(broken);
    assertThatThrownBy(reader::readline).isSameAs(broken);
    assertThatThrownBy(reader::readLine).isSameAs(broken);
    assertThatThrownBy(() -> reader.readuntil(ascii("x"))).isSameAs(broken);
    assertThatThrownBy(() -> reader.readexactly(1)).isSameAs(broken);
    assertThatThrownBy(reader::readBuffer).isSameAs(broken);
    assertThatThrownBy(() -> reader.readInto(new byte[1], 0, 1)).isSameAs(broken);
    assertThatThrownBy(() -> reader.iterator().hasNext())
        .isInstanceOf(UncheckedIOException.class)
        .hasCause(broken);
  }

  @AsyncTest
  @DisplayName("readInto fills part of an array, and gives -1 at the end")
  void readInto() throws IOException {
    StreamReader reader = fedWith(100, "abcdef");
    byte[] target = ascii("..........");
    assertThat(reader.readInto(target, 2, 4)).isEqualTo(4);
    assertThat(text(target)).isEqualTo("..abcd....");
    assertThat(reader.readInto(target, 0, 0)).isZero();
    assertThat(reader.readInto(target, 6, 4)).isEqualTo(2);
    assertThat(text(target)).isEqualTo("..abcdef..");
    assertThat(reader.readInto(target, 0, 10)).isEqualTo(-1);
    assertThatThrownBy(() -> reader.readInto(target, 5, 6))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @AsyncTest
  @DisplayName("readBuffer hands over the very buffer that arrived")
  void readBuffer() throws IOException {
    StreamReader reader = new StreamReader();
    ByteBuf arrived = Unpooled.copiedBuffer(ascii("abc"));
    reader.feed(arrived);
    assertThat(reader.readBuffer()).isSameAs(arrived);
    arrived.release();
    reader.feedEof();
    assertThat(reader.readBuffer().isReadable()).isFalse();
  }

  // -- readline ----------------------------------------------------------------------------------

  @AsyncTest
  @DisplayName("STR-3: readline gives lines with their newline, and at the end what is left")
  void readline() throws IOException {
    StreamReader reader = fedWith(100, "one\ntwo", "\nth", "ree");
    assertThat(text(reader.readline())).isEqualTo("one\n");
    assertThat(text(reader.readline())).isEqualTo("two\n");
    assertThat(text(reader.readline())).isEqualTo("three");
    assertThat(reader.readline()).isEmpty();
  }

  @AsyncTest
  @DisplayName("STR-3: a line that is too long, and complete, is dropped")
  void longLine() throws IOException {
    StreamReader reader = new StreamReader(3);
    feed(reader, "li");
    feed(reader, "ne1\nli");
    feed(reader, "ne2\nab\n");
    assertThatThrownBy(reader::readline).isInstanceOf(LimitOverrunException.class);
    assertThatThrownBy(reader::readline).isInstanceOf(LimitOverrunException.class);
    assertThat(text(reader.readline())).isEqualTo("ab\n");
  }

  @AsyncTest
  @DisplayName("STR-3: of a line that is too long, and not complete, what has come is dropped")
  void longUnfinishedLine() throws IOException {
    StreamReader reader = new StreamReader(3);
    feed(reader, "abcdefgh");
    assertThatThrownBy(reader::readline)
        .isInstanceOf(LimitOverrunException.class)
        .hasMessageContaining("not found");
    feed(reader, "ij\nk\n");
    assertThat(text(reader.readline())).isEqualTo("ij\n");
    assertThat(text(reader.readline())).isEqualTo("k\n");
  }

  @AsyncTest
  @DisplayName("STR-3: a line of just the limit is allowed")
  void lineOfTheLimit() throws IOException {
    StreamReader reader = new StreamReader(3);
    feed(reader, "abc\nabcd\n");
    assertThat(text(reader.readline())).isEqualTo("abc\n");
    assertThatThrownBy(reader::readline).isInstanceOf(LimitOverrunException.class);
  }

  @AsyncTest
  @DisplayName("readLine gives text: UTF-8, without the end of the line, null at the end")
  void readLine() throws IOException {
    StreamReader reader = new StreamReader();
    reader.feedData("größe\r\n\nlast\r".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    reader.feedEof();
    assertThat(reader.readLine()).isEqualTo("größe");
    assertThat(reader.readLine()).isEmpty();
    assertThat(reader.readLine()).isEqualTo("last\r");
    assertThat(reader.readLine()).isNull();
  }

  // -- readuntil ---------------------------------------------------------------------------------

  @AsyncTest
  @DisplayName("STR-4: readuntil finds a separator that comes in pieces")
  void readuntil() throws IOException {
    StreamReader reader = fedWith(100, "line1AA", "AB", "BBrest");
    assertThat(text(reader.readuntil(ascii("AAABBB")))).isEqualTo("line1AAABBB");
    IncompleteReadException end =
        catchThrowableOfType(
            IncompleteReadException.class, () -> reader.readuntil(ascii("AAABBB")));
    assertThat(text(end.partial())).isEqualTo("rest");
    assertThat(end.expected()).isNull();
    assertThat(end).hasMessageContaining("4 bytes").hasMessageContaining("undefined");
    assertThat(reader.atEof()).as("the buffer is cleared").isTrue();
  }

  @AsyncTest
  @DisplayName("STR-4: of several separators, the match that ends first wins")
  void readuntilOneOf() throws IOException {
    StreamReader reader = new StreamReader();
    feed(reader, "no-sep,;x+yABCD|");
    assertThat(text(reader.readuntil(ascii(";"), ascii(",")))).isEqualTo("no-sep,");
    assertThat(text(reader.readuntil(ascii(";x+"), ascii("x")))).isEqualTo(";x");
    assertThat(text(reader.readuntil(ascii("ABCD"), ascii("BC")))).isEqualTo("+yABC");
    assertThat(text(reader.readuntil(ascii("D|"), ascii("|")))).isEqualTo("D|");
  }

  @AsyncTest
  @DisplayName("STR-4: separators of different lengths are found across pieces")
  void readuntilDifferentLengths() throws IOException {
    StreamReader reader = fedWith(100, "ab", "c-", "->de", "f");
    assertThat(text(reader.readuntil(ascii("-->"), ascii("f")))).isEqualTo("abc-->");
    assertThat(text(reader.readuntil(ascii("-->"), ascii("f")))).isEqualTo("def");
  }

  @AsyncTest
  @DisplayName("STR-4: where the limit is overrun the data stay, and it is said how many")
  void readuntilLimit() throws IOException {
    StreamReader reader = new StreamReader(3);
    feed(reader, "some dataA");
    LimitOverrunException overrun =
        catchThrowableOfType(LimitOverrunException.class, () -> reader.readuntil(ascii("A")));
    assertThat(overrun).hasMessageContaining("Separator is found");
    assertThat(overrun.consumed()).isEqualTo(9);
    assertThatThrownBy(() -> reader.readuntil(ascii("C")))
        .isInstanceOf(LimitOverrunException.class)
        .hasMessageContaining("Separator is not found");
    feed(reader, "C");
    assertThat(text(reader.readexactly(11))).isEqualTo("some dataAC");
  }

  @AsyncTest
  @DisplayName("STR-4: there must be a separator, and none may be empty")
  void emptySeparator() {
    StreamReader reader = new StreamReader();
    assertThatThrownBy(() -> reader.readuntil(new byte[0]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> reader.readuntil(ascii("a"), new byte[0]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(reader::readuntil).isInstanceOf(IllegalArgumentException.class);
  }

  // -- readexactly -------------------------------------------------------------------------------

  @AsyncTest
  @DisplayName("STR-5: readexactly waits for all, also beyond the limit")
  void readexactly() throws IOException {
    StreamReader reader = fedWith(2, "abc", "def", "ghi");
    assertThat(reader.readexactly(0)).isEmpty();
    assertThat(text(reader.readexactly(7))).isEqualTo("abcdefg");
    IncompleteReadException end =
        catchThrowableOfType(IncompleteReadException.class, () -> reader.readexactly(3));
    assertThat(text(end.partial())).isEqualTo("hi");
    assertThat(end.expected()).isEqualTo(3);
    assertThatThrownBy(() -> reader.readexactly(-1)).isInstanceOf(IllegalArgumentException.class);
  }

  @AsyncTest
  @DisplayName("STR-5: cancelled half way, it has taken nothing")
  void readexactlyCancelled() throws IOException {
    StreamReader reader = new StreamReader();
    Task<byte[]> reading = createTask(() -> reader.readexactly(6));
    feed(reader, "abc");
    sleep(TICK);
    reading.cancel();
    assertThatThrownBy(reading::await).isInstanceOf(CancelledError.class);
    feed(reader, "def");
    assertThat(text(reader.readexactly(6))).isEqualTo("abcdef");
  }

  @AsyncTest
  @DisplayName("STR-6: only one task may wait for data; the message names the second one's call")
  void twoReaders() throws IOException {
    StreamReader reader = new StreamReader();
    Task<byte[]> first = createTask(() -> reader.read(1));
    sleep(TICK);
    assertThatThrownBy(reader::readline)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "readuntil() called while another coroutine is already waiting for incoming data");
    assertThatThrownBy(() -> reader.readexactly(1)).hasMessageStartingWith("readexactly()");
    assertThatThrownBy(() -> reader.read(1)).hasMessageStartingWith("read()");
    feed(reader, "xy");
    assertThat(text(first.await())).isEqualTo("x");
    assertThat(text(reader.read(1))).as("afterwards it is free again").isEqualTo("y");
  }

  // -- backpressure ------------------------------------------------------------------------------

  @AsyncTest
  @DisplayName("STR-7: the transport is paused above twice the limit, and resumed at the limit")
  void backpressure() throws IOException {
    StreamReader reader = new StreamReader(3);
    FakeTransport transport = new FakeTransport();
    reader.setTransport(transport);
    feed(reader, "123456");
    assertThat(transport.paused).isFalse();
    feed(reader, "7");
    assertThat(transport.paused).isTrue();
    feed(reader, "8");
    assertThat(transport.calls).containsExactly("pause");
    assertThat(text(reader.read(4))).isEqualTo("1234");
    assertThat(transport.paused).isTrue();
    assertThat(text(reader.read(1))).isEqualTo("5");
    assertThat(transport.paused).isFalse();
    assertThat(transport.calls).containsExactly("pause", "resume");
  }

  @AsyncTest
  @DisplayName("STR-7: waiting for more than the buffer holds resumes the transport")
  void backpressureAndReadexactly() throws IOException {
    StreamReader reader = new StreamReader(2);
    FakeTransport transport = new FakeTransport();
    reader.setTransport(transport);
    feed(reader, "12345");
    assertThat(transport.paused).isTrue();
    Task<byte[]> reading = createTask(() -> reader.readexactly(10));
    sleep(TICK);
    assertThat(transport.paused).as("or it would never go on").isFalse();
    feed(reader, "67890");
    assertThat(text(reading.await())).isEqualTo("1234567890");
    assertThat(transport.paused).isFalse();
  }

  @AsyncTest
  @DisplayName("STR-7: every kind of read resumes the transport")
  void everyReadResumes() throws Exception {
    StreamReader reader = new StreamReader(3);
    FakeTransport transport = new FakeTransport();
    reader.setTransport(transport);
    List<Callable<Object>> reads =
        List.of(
            () -> reader.read(8),
            () -> reader.readInto(new byte[8], 0, 8),
            () -> reader.readBuffer().release(),
            () -> reader.readexactly(8),
            () -> List.of(reader.readuntil(ascii("0")), reader.readuntil(ascii("4"))));
    for (Callable<Object> read : reads) {
      feed(reader, "aaa0aaa4");
      assertThat(transport.paused).isTrue();
      read.call();
      assertThat(transport.paused).isFalse();
    }
  }

  // -- iteration, end, feeding -------------------------------------------------------------------

  @AsyncTest
  @DisplayName("STR-9: iteration gives the lines until the end")
  void iteration() {
    List<String> lines = new ArrayList<>();
    for (String line : fedWith(100, "one\ntw", "o\n\n", "three")) {
      lines.add(line);
    }
    assertThat(lines).containsExactly("one", "two", "", "three");
    Iterator<String> none = fedWith(100).iterator();
    assertThat(none.hasNext()).isFalse();
    assertThat(none.hasNext()).isFalse();
    assertThatThrownBy(none::next).isInstanceOf(NoSuchElementException.class);
  }

  @AsyncTest
  @DisplayName("STR-13: atEof needs both the end and an empty buffer")
  void atEof() throws IOException {
    StreamReader reader = new StreamReader();
    assertThat(reader.atEof()).isFalse();
    feed(reader, "x");
    reader.feedEof();
    assertThat(reader.atEof()).isFalse();
    reader.read(1);
    assertThat(reader.atEof()).isTrue();
    assertThatThrownBy(() -> feed(reader, "more")).isInstanceOf(IllegalStateException.class);
  }

  @AsyncTest
  @DisplayName("STR-13: feeding nothing wakes nobody")
  void feedNothing() throws IOException {
    StreamReader reader = new StreamReader();
    Task<byte[]> reading = createTask(() -> reader.read(1));
    sleep(TICK);
    feed(reader, "");
    sleep(TICK);
    assertThat(reading.done()).isFalse();
    feed(reader, "x");
    assertThat(text(reading.await())).isEqualTo("x");
  }

  @AsyncTest
  @DisplayName("STR-13: setException wakes the task that waits")
  void setException() {
    StreamReader reader = new StreamReader();
    Task<byte[]> reading = createTask(() -> reader.read(1));
    sleep(TICK);
    reader.setException(new IllegalStateException("on purpose"));
    assertThatThrownBy(reading::await).hasMessage("on purpose");
  }

  @AsyncTest
  @DisplayName("STR-13: setException while the waiting task is being cancelled is safe")
  void setExceptionAndCancel() {
    StreamReader reader = new StreamReader();
    Task<byte[]> reading = createTask(() -> reader.read(1));
    sleep(TICK);
    reading.cancel();
    reader.setException(new IOException("late"));
    assertThatThrownBy(reading::await).isInstanceOf(CancelledError.class);
    assertThatThrownBy(() -> reader.read(1)).hasMessage("late");
  }

  @AsyncTest
  @DisplayName("STR-13: a reader has one transport")
  void secondTransport() {
    StreamReader reader = new StreamReader();
    FakeTransport transport = new FakeTransport();
    reader.setTransport(transport);
    reader.setTransport(transport);
    assertThatThrownBy(() -> reader.setTransport(new FakeTransport()))
        .isInstanceOf(IllegalStateException.class);
  }

  @AsyncTest
  @DisplayName("Many small pieces are put together, and taken apart anywhere")
  void manyPieces() throws IOException {
    StreamReader reader = new StreamReader();
    StringBuilder fed = new StringBuilder();
    for (int i = 0; i < 5_000; i++) {
      feed(reader, i + ",");
      fed.append(i).append(',');
    }
    StringBuilder read = new StringBuilder();
    for (int n = 1; read.length() < fed.length(); n = n % 97 + 1) {
      read.append(text(reader.read(n)));
    }
    assertThat(read.toString()).isEqualTo(fed.toString());
  }

  @AsyncTest
  @DisplayName("What is unread when the connection goes is still there, outside Netty's pool")
  void unreadAfterTheEnd() throws IOException {
    StreamReader reader = new StreamReader();
    ByteBuf pooled = io.netty.buffer.ByteBufAllocator.DEFAULT.buffer().writeBytes(ascii("abc"));
    reader.feed(pooled);
    reader.feedEof();
    reader.disconnected();
    assertThat(pooled.refCnt()).isZero();
    assertThat(text(reader.read())).isEqualTo("abc");
  }

  @AsyncTest
  @DisplayName("toString tells the state")
  void string() {
    StreamReader reader = new StreamReader(5);
    feed(reader, "abc");
    assertThat(reader).hasToString("StreamReader[3 bytes, limit 5]");
    reader.feedEof();
    assertThat(reader.toString()).contains("eof");
  }
}
