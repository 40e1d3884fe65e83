package dev.lariat.cli;

import dev.lariat.cli.bench.Bench;
import dev.lariat.cli.conform.Conform;
import dev.lariat.cli.demo.DemoCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line: every command is a subcommand of this one. */
@Command(
    name = "lariat",
    description = "asyncio for Java.",
    mixinStandardHelpOptions = true,
    version = "lariat 0.1.0-SNAPSHOT",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {DemoCommand.class, Conform.class, Bench.class})
public final class Main implements Runnable {
  @Spec private CommandSpec spec;

  private Main() {}

  /** Runs the command that the arguments name, and exits with its status. */
  public static void main(String[] args) {
    CommandLine commandLine = new CommandLine(new Main());
    commandLine.setParameterExceptionHandler(Main::refuse);
    System.exit(commandLine.execute(args));
  }

  /** One line says what is wrong, and where to read on. */
  private static int refuse(ParameterException error, String[] args) {
    CommandLine command = error.getCommandLine();
    String name = command.getCommandSpec().qualifiedName();
    command.getErr().println(name + ": " + error.getMessage() + " (see " + name + " --help)");
    return command.getCommandSpec().exitCodeOnInvalidInput();
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing");
  }
}
