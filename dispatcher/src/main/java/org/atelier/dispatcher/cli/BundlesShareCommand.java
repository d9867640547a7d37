package org.atelier.dispatcher.cli;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bundles share}: whose jobs may use a bundle. */
@Command(name = "share", description = "Says which tenants may use a bundle; needs the role admin.")
public final class BundlesShareCommand extends ApiCommand {
    @Parameters(paramLabel = "BUNDLE", description = "Name of the bundle; all its versions are meant.")
    private String bundle = "";

    @ArgGroup(multiplicity = "1")
    private Whom whom = new Whom();

    /** One of the two. */
    static final class Whom {
        @Option(names = "--tenant", paramLabel = "TENANT", description = "A tenant that may; all others may not. May be"
                + " given several times.")
        private List<String> tenants = List.of();

        @Option(names = "--everybody", description = "Every tenant may.")
        private boolean everybody;
    }

    @Override
    int run(DispatcherClient client) throws InterruptedException {
        var shared = client.share(bundle, whom.tenants);
        if (json()) {
            printJson(shared);
            return ExitCode.OK;
        }
        var tenants = StreamSupport.stream(shared.path("tenants").spliterator(), false).map(node -> node.asText())
                .collect(Collectors.joining(", "));
        out().println(bundle + " may be used by " + (tenants.isEmpty() ? "everybody" : tenants));
        out().flush();
        return ExitCode.OK;
    }
}
