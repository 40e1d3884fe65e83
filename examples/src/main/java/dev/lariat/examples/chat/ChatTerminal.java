package dev.lariat.examples.chat;

import static dev.lariat.Asyncio.*;

import dev.lariat.Task;
import dev.lariat.examples.net.Terminal;

/**
 * The chat at a terminal, line by line. The end of the input, Ctrl-D, is {@code /quit}.
 *
 * <p>Run it with {@code ./lariat demo chat terminal NAME [HOST [PORT]]}.
 */
final class ChatTerminal {
  private final String name;

  private ChatTerminal(String name) {
    this.name = name;
  }

  static void main(String[] args) {
    Terminal.run(() -> {
      ChatArguments arguments = ChatArguments.of(args);
      if (arguments.name() == null) {
        throw new IllegalArgumentException(ChatArguments.USAGE);
      }
      new ChatTerminal(arguments.name()).chat(arguments);
    });
  }

  private void chat(ChatArguments arguments) {
    ChatClient client = new ChatClient(arguments.host(), arguments.port(), name, this::show);
    Task<Void> typing =
        createTask(() -> {
          for (String line : Terminal.keyboard()) {
            client.say(line);
          }
          client.say("/quit");
        });
    try {
      client.run();
    } finally {
      typing.cancel();
    }
  }

  private void show(ChatClient.Message message) {
    if (message.from() == null) {
      IO.println("* " + message.text());
    } else if (!message.from().equals(name)) { // what was typed is there already
      IO.println(message.from() + ": " + message.text());
    }
  }
}
