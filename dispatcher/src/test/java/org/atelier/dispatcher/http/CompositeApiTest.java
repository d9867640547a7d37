package org.atelier.dispatcher.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.atelier.dispatcher.http.ApiFixture.json;
import static org.atelier.dispatcher.http.ApiFixture.problem;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import org.atelier.common.api.JobState;
import org.atelier.common.api.JobView;
import org.atelier.common.config.Secret;
import org.atelier.common.job.JobType;
import org.atelier.common.json.Json;
import org.atelier.common.request.Violation;
import org.atelier.dispatcher.access.AccessSettings;
import org.atelier.dispatcher.access.Principal;
import org.atelier.dispatcher.access.Role;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs that consist of jobs, as callers of two tenants and of several roles see them. */
class CompositeApiTest {
    private static final String GRID = """
            {"request": {"type": "grid", "bundle": "avatar-128", "base": {"type": "optimize", "source": {"seed": 7}},
              "axes": {"/prompt": ["a smile", "a beard"], "/steps": [5, 10]}}}""";
    private static final Principal ADMIN = new Principal("default", "test", Role.ADMIN);

    @TempDir
    private Path folder;

    private ApiFixture api;
    private String reader;
    private String submitter;
    private String stranger;

    @BeforeEach
    void open() {
        api = new ApiFixture(folder, new AccessSettings(Optional.of(new Secret("x".repeat(40))), Optional.empty()));
        reader = token("ann", Role.READ);
        submitter = token("ann", Role.SUBMIT);
        stranger = token("bob", Role.SUBMIT);
    }

    @AfterEach
    void close() {
        api.close();
    }

    private String token(String tenant, Role role) {
        return api.tokens.create(ADMIN, tenant + " " + role.word(), tenant, role, Optional.empty()).secret().reveal();
    }

    private HttpResponse<String> send(String method, String path, String token, String body) {
        return api.send(api.to(path).header("Content-Type", "application/json").header("Authorization", "Bearer "
                + token).method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body)));
    }

    private HttpResponse<String> put(String job, String token, String body) {
        return send("PUT", "/v1/jobs/" + job, token, body);
    }

    private JobView view(String job) {
        return Json.read(json(send("GET", "/v1/jobs/" + job, reader, "")), JobView.class);
    }

    private List<Violation> violations(String body) {
        var response = put("refused", submitter, body);
        assertThat(response.statusCode()).isEqualTo(422);
        return problem(response).violations();
    }

    @Test
    void aGridShowsItsPartsAndAPartItsGrid() {
        assertThat(put("grid-1", reader, GRID).statusCode()).as("a reader").isEqualTo(403);
        assertThat(put("grid-1", submitter, GRID).statusCode()).isEqualTo(202);
        assertThat(put("grid-1", submitter, GRID).statusCode()).as("a repeat").isEqualTo(200);
        api.loop.read();
        api.fleet.step();
        api.loop.read();

        var grid = view("grid-1");

        assertThat(grid.type()).isEqualTo(JobType.GRID);
        assertThat(grid.state()).isEqualTo(JobState.RUNNING);
        assertThat(grid.progress().steps()).isEqualTo(4);
        assertThat(grid.parts()).hasSize(4).allSatisfy(part -> {
            assertThat(part.phase()).isEqualTo(1);
            assertThat(part.type()).isEqualTo(JobType.OPTIMIZE);
            assertThat(view(part.id().value()).composite()).hasToString("grid-1/1");
            assertThat(view(part.id().value()).tenant()).isEqualTo("ann");
        });
        assertThat(send("GET", "/v1/jobs/grid-1", stranger, "").statusCode()).isEqualTo(404);
        assertThat(send("GET", "/v1/jobs/" + grid.parts().getFirst().id(), stranger, "").statusCode()).isEqualTo(404);
    }

    @Test
    void aCancelIsForThoseWhoSubmitAndReachesTheParts() {
        put("grid-1", submitter, GRID);
        api.loop.read();
        api.fleet.step();
        api.loop.read();
        assertThat(send("POST", "/v1/jobs/grid-1/cancel", reader, "").statusCode()).isEqualTo(403);
        assertThat(send("POST", "/v1/jobs/grid-1/cancel", stranger, "").statusCode()).isEqualTo(404);

        assertThat(send("POST", "/v1/jobs/grid-1/cancel", submitter, "").statusCode()).isEqualTo(202);
        for (int round = 0; round < 3; round++) {
            api.loop.read();
            api.fleet.step();
        }

        assertThat(view("grid-1").state()).isEqualTo(JobState.CANCELLED);
        assertThat(view("grid-1").parts()).extracting(JobView.Part::state).containsOnly(JobState.CANCELLED);
    }

    @Test
    void whatIsWrongWithACellIsSaidWhereItComesFrom() {
        assertThat(violations(GRID.replace("[5, 10]", "[5, 0]"))).singleElement().satisfies(violation -> {
            assertThat(violation.field()).isEqualTo("/request/axes/~1steps");
            assertThat(violation.message()).contains("at least 1").contains("steps 0");
        });
        assertThat(violations(GRID.replace("\"seed\": 7}", "\"seed\": -1}"))).singleElement().satisfies(
                violation -> assertThat(violation.field()).isEqualTo("/request/base/source/seed"));
        assertThat(violations(GRID.replace("/steps", "/source/seed/deep"))).singleElement().satisfies(
                violation -> assertThat(violation.field()).isEqualTo("/request/axes/~1source~1seed~1deep"));
        assertThat(violations(GRID.replace("\"/steps\": [5, 10]", "\"/truncation/cutoff\": [1, 13]")))
                .singleElement().satisfies(violation -> assertThat(violation.message()).contains("12 rows"));
    }

    @Test
    void aJobThatIsReadMustBeThereAndVisible() {
        put("of-ann", submitter, GRID);
        var reading = """
                {"request": {"type": "generate", "bundle": "avatar-128", "sources": [{"seed": 1}, {"job": "of-ann"}]}}""";

        assertThat(put("reads-1", submitter, reading).statusCode()).isEqualTo(202);
        assertThat(problem(put("reads-2", stranger, reading)).violations()).singleElement().satisfies(violation -> {
            assertThat(violation.field()).isEqualTo("/request/sources/1/job");
            assertThat(violation.message()).contains("which there is not");
        });
        assertThat(violations(GRID.replace("{\"seed\": 7}", "{\"job\": \"nobody\"}"))).singleElement().satisfies(
                violation -> {
                    assertThat(violation.field()).isEqualTo("/request/base/source/job");
                    assertThat(violation.message()).contains("nobody").contains("submit it first");
                });
    }

    @Test
    void aSweepNeedsToKnowWhichLossIsLowEnough() {
        var sweep = """
                {"request": {"type": "prompt-sweep", "bundle": "avatar-128", "sources": [{"seed": 7}],
                  "prompts": ["bald", "hairless"], "threshold": 0.6, "base": {"steps": 0}}}""";

        assertThat(violations(sweep)).extracting(Violation::field).containsExactly("/request/base/steps");
        assertThat(put("sweep-1", submitter, sweep.replace("\"steps\": 0", "\"steps\": 10")).statusCode()).isEqualTo(
                202);
    }
}
