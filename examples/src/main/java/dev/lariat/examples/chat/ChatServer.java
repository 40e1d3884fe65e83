package dev.lariat.examples.chat;

import static dev.lariat.Asyncio.*;
import static dev.lariat.net.Streams.*;

import dev.lariat.Task;
import dev.lariat.TimeoutException;
import dev.lariat.examples.net.Terminal;
import dev.lariat.net.LimitOverrunException;
import dev.lariat.net.Server;
import dev.lariat.net.ServerOptions;
import dev.lariat.net.StreamReader;
import dev.lariat.net.StreamWriter;
import dev.lariat.queue.Channel;
import dev.lariat.queue.Overflow;
import dev.lariat.sync.Event;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A chat with rooms. Lines of text are all there is to its protocol, so {@code nc} is a client; a
 * line of the server's that begins with a star is its own, any other is {@code NAME: TEXT}.
 *
 * <p>A member has a mailbox, and two tasks: one hears what the member says, the other sends what is
 * in the mailbox. When the mailbox is closed, for whatever reason, the member is sent what is left
 * in it, and is gone. One thread runs it all, so the rooms need no lock.
 *
 * <p>What a client can cost: a mailbox holds {@value #MAILBOX} lines, and who does not read that
 * many is disconnected. Who writes too fast waits after each line, and drives nobody else out. Who
 * vanishes without a word is noticed when the system's probes ({@code SO_KEEPALIVE}) fail, or when
 * the mailbox is full.
 *
 * <p>Run it with {@code ./lariat demo chat server [PORT]}.
 */
public final class ChatServer {
  /** The port, unless another is given. */
  public static final int USUAL_PORT = 7001;

  static final int MAILBOX = 100;
  private static final int LONGEST_LINE = 1000;
  private static final ServerOptions OPTIONS =
      ServerOptions.DEFAULT.withLimit(LONGEST_LINE).withKeepAlive(true);
  private static final Duration SIGN_IN = Duration.ofMinutes(1);
  private static final Duration GRACE = Duration.ofSeconds(2);
  private static final String LOBBY = "lobby";
  private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}_-]{1,20}");
  private static final String HELP = "I know /join ROOM, /leave, /rooms, /who and /quit";

  /** Somebody who has a name, and is in one room. */
  private static final class Member {
    final String name;
    final StreamWriter writer;
    final Channel<String> mailbox = new Channel<>(MAILBOX, Overflow.DROP_NEWEST);
    String room = LOBBY;
    String farewell = "has left";

    Member(String name, StreamWriter writer) {
      this.name = name;
      this.writer = writer;
    }

    void tell(String line) {
      if (!mailbox.trySend(line) && !mailbox.isClosed()) {
        farewell = "was too slow";
        mailbox.close();
        writer.transport().abort(); // for it may never take another byte
      }
    }
  }

  private final Duration pause;
  private final Map<String, Member> members = new LinkedHashMap<>();
  private final Map<String, Set<Member>> rooms = new TreeMap<>();

  /**
   * Makes a chat without members.
   *
   * @param pause how long a member waits between one line and the next
   */
  ChatServer(Duration pause) {
    this.pause = pause;
  }

  static void main(String[] args) {
    Terminal.run(() -> {
      int port = args.length == 0 ? USUAL_PORT : Terminal.port(args[0]);
      serve(
          null,
          port,
          bound -> {
            IO.println("Listening on port " + bound + "; Ctrl-C ends it");
            new Event().await(); // until it is cancelled
          });
    });
  }

  /** What is done while a chat is served. */
  @FunctionalInterface
  public interface Body {
    /**
     * Is run once the server listens.
     *
     * @param port where
     * @throws IOException what it fails with
     */
    void run(int port) throws IOException;
  }

  /**
   * Serves a chat while {@code body} runs, then ends it in good order: nobody can come any more,
   * and all are told what was said until then, and that this is the end.
   *
   * <p><i>Suspends</i>: maybe. <i>Cancellable</i>: as the body is.
   *
   * @param host where to listen; null for everywhere
   * @param port the port; 0 for one that is free
   * @param body is told the port
   * @throws IOException if the port is taken, or from the body
   */
  public static void serve(@Nullable String host, int port, Body body) throws IOException {
    ChatServer chat = new ChatServer(Duration.ofMillis(50));
    Server server = startServer(chat::welcome, host, port, OPTIONS);
    try {
      body.run(server.port());
    } finally {
      chat.end();
      server.close(GRACE);
    }
  }

  // -- the life of a member ----------------------------------------------------------------------

  void welcome(StreamReader reader, StreamWriter writer) {
    try (writer) {
      Member member = timeout(SIGN_IN, () -> signIn(reader, writer));
      if (member != null) {
        serve(member, reader);
      }
    } catch (IOException | LimitOverrunException | TimeoutException lost) {
      // whoever it was has gone, or has to; the room has been told
    }
  }

  /** {@return a member with a name that is free; null if the client has none} */
  private @Nullable Member signIn(StreamReader reader, StreamWriter writer) throws IOException {
    writer.write("* Welcome. What is your name?\n");
    for (String name = reader.readLine(); name != null; name = reader.readLine()) {
      if (!NAME.matcher(name).matches()) {
        writer.write("* A name is 1 to 20 letters, digits, - and _. What is yours?\n");
      } else if (members.containsKey(name)) {
        writer.write("* There is a " + name + " already. What is your name?\n");
      } else {
        Member member = new Member(name, writer);
        members.put(name, member);
        return member;
      }
    }
    return null;
  }

  private void serve(Member member, StreamReader reader) throws IOException {
    member.tell("* Hello, " + member.name + ". " + HELP);
    enter(member, LOBBY);
    Task<Void> listening = createTask(() -> listen(member, reader));
    try {
      for (String line : member.mailbox) {
        member.writer.write(line + "\n");
      }
    } finally {
      listening.cancel();
      members.remove(member.name);
      leave(member, member.farewell);
    }
  }

  private void listen(Member member, StreamReader reader) {
    try {
      for (String line : reader) {
        obey(member, line.replaceAll("\\p{Cntrl}", " ").strip()); // no colours, no bells
        sleep(pause); // whoever is slowed down by it is so by TCP, and loses nothing
      }
    } catch (UncheckedIOException lost) {
      member.farewell = "has vanished";
    } catch (LimitOverrunException tooLong) {
      member.tell("* A line is " + LONGEST_LINE + " bytes at most. Good-bye");
      member.farewell = "talked too much";
    } finally {
      member.mailbox.close();
    }
  }

  private void obey(Member member, String line) {
    String[] words = line.split("\\s+", 2);
    switch (words[0]) {
      case "" -> {}
      case "/join" -> join(member, words.length > 1 ? words[1] : LOBBY);
      case "/leave" -> join(member, LOBBY);
      case "/rooms" -> member.tell("* Rooms: " + String.join(", ", rooms.keySet()));
      case "/who" -> member.tell("* Here: " + names(member.room));
      case "/quit" -> {
        member.tell("* Good-bye");
        member.mailbox.close();
      }
      default -> {
        if (line.startsWith("/")) {
          member.tell("* " + HELP);
        } else {
          tellRoom(member.room, member.name + ": " + line);
        }
      }
    }
  }

  // -- rooms -------------------------------------------------------------------------------------

  private void join(Member member, String room) {
    if (!NAME.matcher(room).matches()) {
      member.tell("* A room is 1 to 20 letters, digits, - and _");
    } else if (!room.equals(member.room)) {
      leave(member, "has gone to " + room);
      enter(member, room);
    }
  }

  private void enter(Member member, String room) {
    tellRoom(room, "* " + member.name + " is here");
    member.room = room;
    rooms.computeIfAbsent(room, _ -> new LinkedHashSet<>()).add(member);
    member.tell("* This is " + room + ", with " + names(room));
  }

  private void leave(Member member, String how) {
    Set<Member> left = rooms.getOrDefault(member.room, Set.of());
    left.remove(member);
    if (left.isEmpty()) {
      rooms.remove(member.room);
    }
    tellRoom(member.room, "* " + member.name + " " + how);
  }

  private void tellRoom(String room, String line) {
    rooms.getOrDefault(room, Set.of()).forEach(member -> member.tell(line));
  }

  private String names(String room) {
    return rooms.getOrDefault(room, Set.of()).stream()
        .map(member -> member.name)
        .collect(Collectors.joining(", "));
  }

  private void end() {
    for (Member member : List.copyOf(members.values())) {
      member.tell("* The server ends. Good-bye");
      member.mailbox.close();
    }
  }
}
