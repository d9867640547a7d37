package org.atelier.dispatcher.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.atelier.dispatcher.cli.Shell.json;

import java.net.URI;
import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code status}, {@code lineage} and {@code bundles}. */
class FleetCommandsTest {
    private static final String OVERVIEW = "{'tenant':'default','jobs':[{'type':'optimize','state':'queued','jobs':7},"
            + "{'type':'optimize','state':'failed','jobs':2},{'type':'generate','state':'succeeded','jobs':40}],"
            + "'waiting':7,'running':1,'oldest_waiting_seconds':3725,'ended_last_hour':{'succeeded':40},'eta_seconds':95}";
    private static final String WORKERS = "{'workers':[{'worker':'w-1','host':'node-a','pool':'main','slots':2,'busy':1,"
            + "'types':['optimize'],'running':['job-9']}]}";

    @RegisterExtension
    private final Shell shell = new Shell(StatusCommand.class, UsageCommand.class, LineageCommand.class,
            BundlesCommand.class);

    @Test
    void statusShowsTheQueueByTypeAndWhatWorkersDo() {
        shell.dispatcher().onJson("GET /v1/overview", 200, json(OVERVIEW)).onJson("GET /v1/workers", 200, json(
                WORKERS));

        assertThat(shell.run("status")).isEqualTo(ExitCode.OK);

        var lines = shell.out().lines().map(line -> line.strip().replaceAll(" +", " ")).toList();
        assertThat(lines).containsExactly(
                "7 waiting, 1 running, the oldest for 1 h 2 min, all done in about 1 min 35 s", "",
                "TYPE QUEUED READY RUNNING RETRYING SUCCEEDED FAILED CANCELLED", "generate - - - - 40 - -",
                "optimize 7 - - - - 2 -", "", "WORKER HOST POOL BUSY RUNS", "w-1 node-a main 1/2 job-9");
    }

    @Test
    void aRefusalOfAPartIsOneOfTheWhole() {
        shell.dispatcher().onJson("GET /v1/overview", 200, json(OVERVIEW)).onProblem("GET /v1/workers", 503, """
                {"type": "urn:atelier:problem:unavailable", "title": "Not now", "status": 503,
                 "detail": "Kafka does not answer.", "violations": []}""");

        assertThat(shell.run("status")).isEqualTo(ExitCode.REFUSED);
        assertThat(shell.err()).contains("Kafka does not answer");
    }

    @Test
    void anAdminSeesTenants() {
        shell.dispatcher().onJson("GET /v1/overview", 200, json(OVERVIEW.replace("'waiting'",
                "'tenants':[{'tenant':'shop','state':'failed','jobs':5}],'waiting'"))).onJson("GET /v1/workers", 200,
                        json(
                                "{'workers':[]}"));

        assertThat(shell.run("status")).isEqualTo(ExitCode.OK);
        assertThat(shell.out().lines().map(line -> line.strip().replaceAll(" +", " "))).contains("shop - - - - - 5 -")
                .noneMatch(line -> line.startsWith("WORKER"));
    }

    @Test
    void statusAsJsonIsBothDocuments() {
        shell.dispatcher().onJson("GET /v1/overview", 200, json(OVERVIEW)).onJson("GET /v1/workers", 200, json(
                WORKERS));

        assertThat(shell.run("status", "--json")).isEqualTo(ExitCode.OK);
        assertThat(json(shell.out()).at("/overview/waiting").asInt()).isEqualTo(7);
        assertThat(json(shell.out()).at("/workers/0/worker").asText()).isEqualTo("w-1");
    }

    @Test
    void usageIsATableWithTheShareThatWasWasted() {
        shell.dispatcher().onJson("GET /v1/usage?since=2026-01-01T00%3A00%3A00Z", 200, json(
                "{'usage':[{'tenant':'shop',"
                        + "'type':'optimize','runs':3,'attempts':4,'device_seconds':40,'wasted_seconds':10}]}"));

        assertThat(shell.run("usage", "--since", "2026-01-01T00:00:00Z")).isEqualTo(ExitCode.OK);
        assertThat(shell.out().lines().map(line -> line.strip().replaceAll(" +", " "))).contains(
                "shop optimize 3 4 40.0 10.0 25.0%");
        assertThat(shell.run("usage", "--since", "soon")).isEqualTo(ExitCode.USAGE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "localhost:8080", "ftp://here", "http://"})
    void anAddressThatIsNoneIsAUsageError(String address) {
        assertThat(shell.runAsWritten("status", "--url", address)).isEqualTo(ExitCode.USAGE);
        assertThat(shell.err()).contains(address);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--token-file", "--ca-file"})
    void aFileThatIsMissingIsNamedWithoutAStackTrace(String option) {
        assertThat(shell.run("status", option, "/nowhere/file")).isEqualTo(ExitCode.FAILED);
        assertThat(shell.err()).contains("/nowhere/file").doesNotContain("\tat ");
    }

    @Test
    void anEmptyVariableIsOneThatIsNotSet() {
        assertThat(new DispatcherOption.Address().convert(" ")).isEqualTo(URI.create("http://127.0.0.1:8080"));
    }

    @ParameterizedTest
    @CsvSource({"PT0S,0 s", "PT59S,59 s", "PT60S,1 min 0 s", "PT3725S,1 h 2 min", "PT49H,2 d 1 h"})
    void timesHaveTheirTwoLargestUnits(Duration time, String words) {
        assertThat(StatusCommand.words(time)).isEqualTo(words);
    }

    @Test
    void lineageShowsBothDirections() {
        shell.dispatcher().onJson("GET /v1/jobs/job-1/lineage", 200, json(
                "{'job':'job-1','replay_of':'job-0/1','parents':"
                        + "[{'job':'face','type':'invert','state':'succeeded'}],'children':[{'job':'sheet','type':'grid',"
                        + "'state':'running'}]}"));

        assertThat(shell.run("lineage", "job-1")).isEqualTo(ExitCode.OK);
        assertThat(shell.out().lines().map(line -> line.strip().replaceAll(" +", " "))).containsExactly(
                "replay of job-0/1", "from face invert succeeded", "used by sheet grid running");
    }

    @Test
    void aJobWithoutRelativesSaysSo() {
        shell.dispatcher().onJson("GET /v1/jobs/job-1/lineage", 200, json(
                "{'job':'job-1','parents':[],'children':[]}"));

        assertThat(shell.run("lineage", "job-1")).isEqualTo(ExitCode.OK);
        assertThat(shell.err()).contains("no relatives");
    }

    @Test
    void bundlesAreListedAndShown() {
        var card = "{'name':'avatar-128','version':'2','title':'Cartoon avatars','licence':'CC0',"
                + "'generator':{'config':{'img_resolution':128}},'presets':{}}";
        shell.dispatcher().onJson("GET /v1/bundles", 200, json("{'bundles':[" + card + "]}"))
                .onJson("GET /v1/bundles/avatar-128", 200, json(card));

        assertThat(shell.run("bundles")).isEqualTo(ExitCode.OK);
        assertThat(shell.out()).contains("avatar-128@2", "128", "Cartoon avatars", "CC0");
        assertThat(shell.run("bundles", "avatar-128")).isEqualTo(ExitCode.OK);
        assertThat(shell.out()).contains("img_resolution");
    }

    @Test
    void aBundleIsSharedWithTenantsOrEverybody() {
        shell.dispatcher().onJson("PUT /v1/bundles/ffhq/tenants", 200, json("{'tenants':['a','b']}"))
                .onJson("PUT /v1/bundles/ffhq/tenants", 200, json("{'tenants':[]}"));

        assertThat(shell.run("bundles", "share", "ffhq", "--tenant", "a", "--tenant", "b")).isEqualTo(ExitCode.OK);
        assertThat(shell.firstBody()).isEqualTo(json("{'tenants':['a','b']}"));
        assertThat(shell.out()).contains("ffhq may be used by a, b");
        assertThat(shell.run("bundles", "share", "ffhq", "--everybody")).isEqualTo(ExitCode.OK);
        assertThat(shell.lastBody()).isEqualTo(json("{'tenants':[]}"));
        assertThat(shell.out()).contains("used by everybody");
    }

    @Test
    void sharingWithNobodyInParticularIsAUsageError() {
        assertThat(shell.run("bundles", "share", "ffhq")).isEqualTo(ExitCode.USAGE);
        assertThat(shell.run("bundles", "share", "ffhq", "--everybody", "--tenant", "a")).isEqualTo(ExitCode.USAGE);
    }
}
