package org.atelier.dispatcher.cli;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

import org.atelier.common.client.RefusedException;
import org.atelier.common.client.UnreachableException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Says what went wrong, in words for the user; only what nobody foresaw comes with a stack trace. */
public final class ErrorHandler implements IExecutionExceptionHandler {
    private final List<Class<? extends Exception>> explained;

    /** @param explained further exceptions whose message says all there is to say */
    public ErrorHandler(List<Class<? extends Exception>> explained) {
        this.explained = new ArrayList<>(explained);
        this.explained.addAll(List.of(UncheckedIOException.class, IllegalArgumentException.class));
    }

    @Override
    public int handleExecutionException(Exception thrown, CommandLine command, ParseResult result) {
        var err = command.getErr();
        return switch (thrown) {
            case UnreachableException unreachable -> {
                err.println(unreachable.getMessage()
                        + ". Start a fleet on this machine with \"./atelier up\", or name a"
                        + " running one with --url or the variable " + DispatcherOption.VARIABLE + ".");
                yield ExitCode.UNREACHABLE;
            }
            case RefusedException refused -> {
                err.println(refused.getMessage());
                yield ExitCode.REFUSED;
            }
            case InterruptedException interrupted -> ExitCode.INTERRUPTED;
            default -> {
                if (explained.stream().anyMatch(type -> type.isInstance(thrown))) {
                    err.println(thrown.getMessage());
                } else {
                    thrown.printStackTrace(err);
                }
                yield ExitCode.FAILED;
            }
        };
    }
}
