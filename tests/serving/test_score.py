"""POST /score: what is answered, in which order, and what one bad lead does to the others."""
def test_first(service, a_lead):
    r=service.score([a_lead(), {**a_lead("L-2"), "as_of":"2026-10-01", "activities":[{"activity_type":"Form","occurred_at":"2026-09-02"}]}]); print(r.status_code, r.headers, r.json())
    for p in ("/","/docs","/openapi.json","/livez","/readyz","/model","/agreement","/nope"):
        r=service.client.get(p, headers=service.headers); print(p, r.status_code, r.headers["content-type"], r.text[:300])
    r=service.client.get("/score"); print(r.status_code, r.text)
    assert 0
